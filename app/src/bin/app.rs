//! The page's program.

fn main() {
    churn_app::start();
}
