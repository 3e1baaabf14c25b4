//! The rules of PH1.ONB.
