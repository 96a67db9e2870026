"""Payments: providers' messages proven, posted once, sold for, and kept in books."""
