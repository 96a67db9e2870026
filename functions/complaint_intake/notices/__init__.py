"""Notices of progress: to reporters, to partners' servers, to agencies' heads."""
