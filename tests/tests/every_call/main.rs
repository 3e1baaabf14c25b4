//! What holds for every call of every engine, tried on a store in which two tenants have done all that can be done.

mod dispatch;
mod inputs;
mod reads;
mod scene;
