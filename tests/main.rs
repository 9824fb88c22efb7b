//! What users can do, tested as they do it: one binary, one module per capability.

mod canonicalization;
