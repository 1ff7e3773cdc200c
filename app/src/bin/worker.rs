//! The program of the worker that trains a model beside the page.

fn main() {
    churn_app::answer_page();
}
