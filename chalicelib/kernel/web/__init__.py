"""HTTP: routes, the reading of requests, answers, the OpenAPI document."""
