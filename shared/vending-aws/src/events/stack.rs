//! What a stack asks for when its custom resource is created, updated or deleted.

use serde_json::Value;
use vending::account::RoleArn;

use super::{ResponseUrl, UndecodableEvent};

/// The type of the one custom resource there is.
pub const RESOURCE_TYPE: &str = "Custom::AccountFactoryAccess";

/// What a physical id begins with; the ARN of the role follows. So another role is another
/// resource: CloudFormation deletes the one before when the new one is there.
const ID_PREFIX: &str = "factory-access/";

/// What follows where no role could be read.
const NO_ROLE: &str = "none";

/// A stack's request, as far as it can be read: whatever is wrong with it is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackRequest {
    /// Where the answer goes.
    pub url: ResponseUrl,
    /// The stack, by its ARN.
    pub stack_id: String,
    /// The request.
    pub request_id: String,
    /// The resource's name in the template.
    pub logical_id: String,
    /// `Create`, `Update` or `Delete`.
    pub kind: String,
    resource_type: String,
    physical_id: Option<String>,
    role: Option<String>,
}

/// What is to be done for a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// The role is to be able to launch accounts.
    Open(RoleArn),
    /// It is not to be able to any more.
    Close(RoleArn),
    /// Nothing was made that would have to be undone.
    Nothing,
}

/// The name of the property that names the role.
const PRINCIPAL: &str = "PrincipalArn";

impl StackRequest {
    /// Reads a request. Only the URL must be right: without it there is nobody to tell.
    pub(super) fn read(event: &Value) -> Result<Self, UndecodableEvent> {
        let url = event.get("ResponseURL").and_then(Value::as_str);
        let url = url.ok_or("it is no text").and_then(ResponseUrl::new);
        let url = url.map_err(|wrong| {
            UndecodableEvent::new(format!("CloudFormation cannot be answered at its URL: {wrong}"))
        })?;
        let text = |name: &str| event.get(name).and_then(Value::as_str).map(str::to_owned);
        let role = event.get("ResourceProperties").and_then(|it| it.get(PRINCIPAL));
        Ok(Self {
            url,
            stack_id: text("StackId").unwrap_or_default(),
            request_id: text("RequestId").unwrap_or_default(),
            logical_id: text("LogicalResourceId").unwrap_or_default(),
            kind: text("RequestType").unwrap_or_default(),
            resource_type: text("ResourceType").unwrap_or_default(),
            physical_id: text("PhysicalResourceId"),
            role: role.and_then(Value::as_str).map(str::to_owned),
        })
    }

    /// What is to be done.
    ///
    /// # Errors
    /// A text with the cause and what to do, when the request cannot be understood.
    pub fn wanted(&self) -> Result<Wanted, String> {
        match self.kind.as_str() {
            "Delete" => Ok(self.made().map_or(Wanted::Nothing, Wanted::Close)),
            "Create" | "Update" if self.resource_type == RESOURCE_TYPE => {
                self.asked_for().map(Wanted::Open)
            }
            "Create" | "Update" => Err(format!(
                "the function intake makes resources of the type {RESOURCE_TYPE}, not {:?}: \
                 use that type in the template",
                self.resource_type
            )),
            other => Err(format!(
                "the request type {other:?} is none of Create, Update and Delete: \
                 look up what invoked the function intake"
            )),
        }
    }

    /// The physical id to answer with.
    ///
    /// An update that failed keeps the one it had: what was there before is still there.
    pub fn answered_id(&self, succeeded: bool) -> String {
        let derived = || {
            let role = self.asked_for();
            format!("{ID_PREFIX}{}", role.as_ref().map_or(NO_ROLE, RoleArn::as_str))
        };
        let given = self.physical_id.clone().filter(|id| !id.is_empty());
        match (self.kind.as_str(), succeeded) {
            ("Create", _) | ("Update", true) => derived(),
            _ => given.unwrap_or_else(derived),
        }
    }

    fn asked_for(&self) -> Result<RoleArn, String> {
        let role = self.role.as_deref().ok_or_else(|| {
            format!("the property {PRINCIPAL} is missing: give it the ARN of the role that launches accounts")
        })?;
        RoleArn::new(role).map_err(|wrong| format!("the property {PRINCIPAL} is wrong: {wrong}"))
    }

    /// The role that the resource to delete is about. A creation that was never answered
    /// leaves an id that CloudFormation made up.
    fn made(&self) -> Option<RoleArn> {
        let by_id = self.physical_id.as_deref().and_then(|id| id.strip_prefix(ID_PREFIX));
        match by_id {
            Some(role) => RoleArn::new(role).ok(),
            None => self.asked_for().ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ROLE: &str = "arn:aws:iam::111122223333:role/vend-provision";

    fn sample(name: &str) -> Value {
        let path = format!("{}/../../samples/events/{name}.json", env!("CARGO_MANIFEST_DIR"));
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    fn read(name: &str) -> StackRequest {
        StackRequest::read(&sample(name)).unwrap()
    }

    /// The sample with `change` made to it.
    fn changed(name: &str, change: impl FnOnce(&mut Value)) -> StackRequest {
        let mut event = sample(name);
        change(&mut event);
        StackRequest::read(&event).unwrap()
    }

    fn role(arn: &str) -> RoleArn {
        RoleArn::new(arn).unwrap()
    }

    #[test]
    fn a_creation_opens_the_way_and_is_named_by_the_role() {
        let create = read("cloudformation-create");
        assert_eq!(create.wanted(), Ok(Wanted::Open(role(ROLE))));
        for succeeded in [true, false] {
            assert_eq!(create.answered_id(succeeded), format!("factory-access/{ROLE}"));
        }
    }

    #[test]
    fn an_update_to_another_role_is_another_resource_only_once_it_succeeded() {
        let update = read("cloudformation-update");
        let new = "arn:aws:iam::111122223333:role/vend-provision-2";
        assert_eq!(update.wanted(), Ok(Wanted::Open(role(new))));
        assert_eq!(update.answered_id(true), format!("factory-access/{new}"));
        assert_eq!(update.answered_id(false), format!("factory-access/{ROLE}"));
    }

    #[test]
    fn a_deletion_closes_the_way_of_the_role_that_the_resource_is_about() {
        let delete = read("cloudformation-delete");
        assert_eq!(delete.wanted(), Ok(Wanted::Close(role(ROLE))));
        for succeeded in [true, false] {
            assert_eq!(delete.answered_id(succeeded), format!("factory-access/{ROLE}"));
        }
        let property = |event: &mut Value| {
            event["ResourceProperties"]["PrincipalArn"] = json!("arn:aws:iam::111122223333:role/x");
        };
        let other = changed("cloudformation-delete", property);
        assert_eq!(other.wanted(), Ok(Wanted::Close(role(ROLE))), "the id counts");
        let unanswered = |event: &mut Value| event["PhysicalResourceId"] = json!("stack-Access-1");
        let unanswered = changed("cloudformation-delete", unanswered);
        assert_eq!(unanswered.wanted(), Ok(Wanted::Close(role(ROLE))), "the property counts");
        assert_eq!(unanswered.answered_id(true), "stack-Access-1");
    }

    #[test]
    fn a_creation_without_a_role_fails_and_leaves_nothing_to_delete() {
        for (property, told) in [
            (json!(null), "PrincipalArn is missing"),
            (json!(["x"]), "PrincipalArn is missing"),
            (json!("vend"), "\"vend\" is not the ARN of an IAM role"),
        ] {
            let set = |event: &mut Value| event["ResourceProperties"]["PrincipalArn"] = property;
            let create = changed("cloudformation-create", set);
            assert!(create.wanted().unwrap_err().contains(told), "{create:?}");
            let id = create.answered_id(false);
            let delete = |event: &mut Value| event["PhysicalResourceId"] = json!(id);
            assert_eq!(changed("cloudformation-delete", delete).wanted(), Ok(Wanted::Nothing));
        }
    }

    #[test]
    fn what_is_not_understood_is_told() {
        let told = |name: &str, value: Value| {
            changed("cloudformation-create", |event| event[name] = value).wanted().unwrap_err()
        };
        assert!(
            told("ResourceType", json!("Custom::Other")).contains("Custom::AccountFactoryAccess")
        );
        assert!(told("RequestType", json!("Rename")).contains("\"Rename\""));
        assert!(told("RequestType", json!(null)).contains("none of Create"));
    }

    #[test]
    fn without_a_url_there_is_nobody_to_tell_and_the_url_is_not_told() {
        for url in [json!(null), json!(7), json!("http://example.com/?Signature=secret")] {
            let mut event = sample("cloudformation-create");
            event["ResponseURL"] = url;
            let told = StackRequest::read(&event).unwrap_err().to_string();
            assert!(told.contains("cannot be answered") && !told.contains("secret"), "{told}");
        }
    }
}
