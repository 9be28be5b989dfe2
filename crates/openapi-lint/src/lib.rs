//! Checks an OpenAPI 3.0 document for mistakes, omissions and contradictions.
