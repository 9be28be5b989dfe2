//! Checks and renders the record of how a contradictory source was reconciled into an OpenAPI document.
