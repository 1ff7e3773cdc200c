//! The built page in a real browser, used as a visitor would use it and held
//! against what the model says natively.

mod accessibility;
mod address;
mod appearance;
mod clipboard;
mod cohorts;
mod column_head;
mod column_width;
mod data;
mod decision;
mod editing;
mod explanation;
mod export;
mod failure;
mod filter;
mod harness;
mod hosting;
mod jobs;
mod keyboard;
mod lineage;
mod linking;
mod list;
mod model;
mod monitoring;
mod offline;
mod parts;
mod phone;
mod policy;
mod runs;
mod session;
mod story;
mod table;
mod tables;
mod training;
mod way_back;
mod what_if;
