"""What speaks HTTP: routes, what is read of a request, answers, the OpenAPI document."""
