//! Types and records that every engine shares. Machine-written by `cargo xtask regenerate`; edit `specs/` instead.

selene_codegen_macros::shared!("contracts/shared.yaml");
