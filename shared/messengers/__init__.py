"""How people and servers are written to: mail, text messages, signed webhooks, each once."""
