"""One module a use case that needs several floors below."""
