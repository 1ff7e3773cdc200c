//! What is said to the user while work is done.

/// Says in one line what was found or is about to be done.
pub fn step(message: &str) {
    println!("· {message}");
}

/// Says what is not as it should be, where the work goes on all the same.
pub fn warn(message: &str) {
    println!("! {message}");
}
