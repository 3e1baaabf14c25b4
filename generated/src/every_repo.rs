//! The repository traits of all engines as one bound.

macro_rules! every_repo {
    ($($module:ident: $repo:ident { $($calls:tt)* })*) => {
        /// A store that serves every engine: whatever implements the repository trait of each is one.
        ///
        /// One bound for callers of more than one engine, as a parameter or as `dyn EveryRepo`. The traits of the engines need
        /// not be in scope beside it.
        pub trait EveryRepo: $(crate::$module::$repo +)* {}

        impl<T: ?Sized $(+ crate::$module::$repo)*> EveryRepo for T {}
    };
}

crate::for_every_engine!(every_repo);
