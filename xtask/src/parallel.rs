//! Many like things on all processors at once. What comes out is the same as of one after the other, in the same order.

use std::num::NonZeroUsize;
use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What a function makes of each item, in the order of the items. A panic of the function is a panic here.
pub fn map<T: Sync, R: Send>(items: &[T], of: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let processors = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    on(processors.min(items.len()), items, of)
}

fn on<T: Sync, R: Send>(threads: usize, items: &[T], of: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if threads <= 1 {
        return items.iter().map(of).collect();
    }
    // Items differ in what they cost: each thread takes the next one when it is done with one.
    let next = AtomicUsize::new(0);
    let work = || {
        let mut made = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { return made };
            made.push((index, of(item)));
        }
    };
    let mut made = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut made = work();
        for other in others {
            made.extend(other.join().unwrap_or_else(|panicked| panic::resume_unwind(panicked)));
        }
        made
    });
    made.sort_unstable_by_key(|(index, _)| *index);
    made.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_have_the_order_of_the_items_on_any_number_of_threads() {
        let items: Vec<u64> = (0..500).collect();
        let squares: Vec<u64> = items.iter().map(|item| item * item).collect();
        for threads in [0, 1, 2, 3, 16] {
            assert_eq!(on(threads, &items, |item| item * item), squares, "{threads} threads");
        }
        assert_eq!(map(&items, |item| item * item), squares);
        assert!(map(&[], |item: &u64| *item).is_empty());
    }

    #[test]
    fn items_are_worked_on_at_one_time() {
        let barrier = std::sync::Barrier::new(3);
        assert_eq!(on(3, &[1, 2, 3], |item| (barrier.wait(), *item).1), [1, 2, 3]);
    }

    #[test]
    #[should_panic(expected = "item 7")]
    fn a_panic_comes_through() {
        let items: Vec<u64> = (0..20).collect();
        on(4, &items, |item| assert_ne!(*item, 7, "item 7"));
    }
}
