//! The answers of a service that is too busy or broken, each in its own words:
//! code, status and protocol.

use serde_json::json;

/// An answer in the making: status, content type, body.
pub(crate) type Answer = (u16, &'static str, Vec<u8>);

const JSON_1_0: &str = "application/x-amz-json-1.0";
const JSON_1_1: &str = "application/x-amz-json-1.1";
const XML: &str = "text/xml";

/// The answer to one who asks too often.
pub(crate) fn throttled(service: &str) -> Answer {
    match service {
        // API reference, "Error handling with DynamoDB".
        "dynamodb" => dynamodb(400, "ProvisionedThroughputExceededException", "Rate exceeded"),
        // S3 API reference, "List of error codes".
        "s3" => s3(503, "SlowDown", "Please reduce your request rate."),
        // Organizations API reference, "TooManyRequestsException".
        "organizations" => json_1_1(400, "TooManyRequestsException", "Too many requests"),
        // Identity store API reference, "ThrottlingException": HTTP status code 429.
        "identitystore" => json_1_1(429, "ThrottlingException", "Rate exceeded"),
        // SNS and STS API references, "Common errors".
        "sns" | "sts" => query(400, "Sender", "Throttling", "Rate exceeded"),
        _ => json_1_1(400, "ThrottlingException", "Rate exceeded"),
    }
}

/// The answer of a service that is broken.
pub(crate) fn failed(service: &str) -> Answer {
    const WORDS: &str = "An internal error occurred";
    match service {
        "dynamodb" => dynamodb(500, "InternalServerError", WORDS),
        "s3" => s3(500, "InternalError", "We encountered an internal error. Please try again."),
        "organizations" => json_1_1(500, "ServiceException", WORDS),
        "sso" | "identitystore" => json_1_1(500, "InternalServerException", WORDS),
        "sns" | "sts" => query(500, "Receiver", "InternalFailure", WORDS),
        _ => json_1_1(500, "InternalFailure", WORDS),
    }
}

/// The answer of what stands in front of a service that is down: no protocol of AWS.
pub(crate) fn unavailable() -> Answer {
    let page = "<html><body><h1>503 Service Unavailable</h1></body></html>";
    (503, "text/html", page.into())
}

fn dynamodb(status: u16, code: &str, message: &str) -> Answer {
    let kind = format!("com.amazonaws.dynamodb.v20120810#{code}");
    (status, JSON_1_0, json!({ "__type": kind, "message": message }).to_string().into_bytes())
}

fn json_1_1(status: u16, code: &str, message: &str) -> Answer {
    (status, JSON_1_1, json!({ "__type": code, "Message": message }).to_string().into_bytes())
}

fn s3(status: u16, code: &str, message: &str) -> Answer {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    (status, "application/xml", body.into_bytes())
}

fn query(status: u16, kind: &str, code: &str, message: &str) -> Answer {
    let body = format!(
        "<ErrorResponse><Error><Type>{kind}</Type><Code>{code}</Code>\
         <Message>{message}</Message></Error></ErrorResponse>"
    );
    (status, XML, body.into_bytes())
}
