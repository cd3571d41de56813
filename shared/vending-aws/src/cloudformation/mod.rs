//! Answers to CloudFormation's custom resources (CloudFormation user guide, "Custom
//! resource reference").

mod answer;
mod sender;

pub use sender::{NotAnswered, StackAnswers};
