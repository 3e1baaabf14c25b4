//! What a command came to, whatever became of its output. What must not live here: what a command does.

use crate::command::failure::{Ending, Failure};
use crate::command::output;

/// The ending of work that is done: that its result could not be written takes nothing of it back.
pub fn of_work(is_intact: bool, printed: Result<(), Failure>) -> Ending {
    output::report_loss(printed);
    if is_intact { Ending::Done } else { Ending::Wrong }
}

/// The ending of a command that only reads: what is wrong stays wrong, and a result that is lost was not shown, unless its reader had
/// seen enough.
pub fn of_reading(is_intact: bool, printed: Result<(), Failure>) -> Result<Ending, Failure> {
    match printed {
        Err(failure) if is_intact && !output::has_no_reader(&failure) => Err(failure),
        printed => {
            output::report_loss(printed);
            Ok(if is_intact { Ending::Done } else { Ending::Wrong })
        }
    }
}
