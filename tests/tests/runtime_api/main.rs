//! Each compiled function is started against a small Lambda Runtime API on
//! loopback, given each sample event, and answers; all AWS calls go to the
//! simulated cloud, on loopback as well.
#![expect(clippy::unwrap_used, reason = "what helps a test fails with it")]

mod binaries;
mod logs;
mod process;
mod samples;
mod server;
mod stack;
mod world;

use binaries::FUNCTIONS;
use hyper::StatusCode;
use process::Running;
use samples::Event;
use serde_json::{Value, json};
use server::Answer;
use stack::{Arrived, Stack};
use world::World;

/// What the functions that take batches answer when all of one is done.
fn done() -> Value {
    json!({ "batchItemFailures": [] })
}

/// The sample events, the upload's with its file in place and those of CloudFormation
/// with `stack` to answer.
async fn events(world: &World, stack: &Stack) -> Vec<Event> {
    let mut events = samples::events();
    for event in &mut events {
        if event.is_of_an_upload() {
            event.json = world.upload(event.json.take()).await;
        } else if event.is_of_a_stack() {
            event.json = stack.asks(event.json.take());
        }
    }
    events
}

/// Checks the answer to an event that `function` is for.
fn check_success(function: &str, event: &Event, answer: &Answer) {
    let Answer::Success(answer) = answer else { panic!("{function}, {}: {answer:?}", event.name) };
    if event.is_of_s3() {
        let files = usize::from(event.is_of_an_upload());
        assert_eq!(answer.as_array().unwrap().len(), files, "{}: {answer}", event.name);
    } else if event.is_of_a_stack() {
        assert_eq!(*answer, json!({ "outcome": "answered", "done": true }), "{}", event.name);
    } else {
        assert_eq!(*answer, done(), "{function}, {}", event.name);
    }
}

/// Checks the answer to an event that is another function's.
fn check_refusal(function: &str, event: &Event, answer: &Answer) {
    let name = &event.name;
    let Answer::Error { kind, message } = answer else { panic!("{function}, {name}: {answer:?}") };
    assert_eq!(kind, "Vend.UnexpectedEvent", "{function}, {name}");
    let wanted = if function == "intake" { "an upload or a request" } else { "a lifecycle event" };
    assert!(message.contains(wanted), "{function}, {name}: {message}");
}

#[tokio::test]
async fn each_function_answers_each_event() {
    let world = World::open().await;
    let stack = Stack::start(StatusCode::OK).await;
    let events = events(&world, &stack).await;
    assert!(!events.is_empty());
    for function in FUNCTIONS {
        let mut variables = world.variables(function);
        // Not even the most talkative log tells of anybody.
        variables.push(("RUST_LOG", "trace".to_owned()));
        let mut running = Running::start(function, variables).await;
        for event in &events {
            let answer = running.invoke(&event.json).await;
            let is_its_own = (function == "intake") == (event.is_of_s3() || event.is_of_a_stack());
            let check = if is_its_own { check_success } else { check_refusal };
            check(function, event, &answer);
        }
        running.stop();
    }
}

#[tokio::test]
async fn an_event_that_nobody_knows_is_an_error_and_the_next_is_answered() {
    let world = World::open().await;
    for function in FUNCTIONS {
        let mut running = Running::start(function, world.variables(function)).await;
        for event in [json!({}), json!([]), json!("text"), json!(null)] {
            let answer = running.invoke(&event).await;
            let Answer::Error { kind, .. } = answer else {
                panic!("{function}, {event}: {answer:?}")
            };
            assert_eq!(kind, "Vend.UndecodableEvent", "{function}, {event}");
        }
        let known = if function == "intake" { "s3-test-event" } else { "scheduled" };
        running.succeed(&samples::event(known)).await;
        running.stop();
    }
}

/// The statuses of the entries of the sample list, in its order.
async fn statuses(world: &World) -> Vec<String> {
    world.statuses().await.into_values().collect()
}

/// Control Tower's event that says that it made the account.
fn created(sample: &str, name: &str, id: &str) -> Value {
    let mut event = samples::event(sample);
    let about = &mut event["detail"]["serviceEventDetails"]["createManagedAccountStatus"];
    about["account"] = json!({ "accountName": name, "accountId": id });
    event
}

/// The stream's event that says that the entry of `name` is CONFIGURING.
fn configuring(name: &str) -> Value {
    let mut event = samples::event("stream-modify");
    let about = &mut event["Records"][0]["dynamodb"];
    about["Keys"]["AccountName"]["S"] = json!(name);
    for image in ["OldImage", "NewImage"] {
        about[image]["AccountName"]["S"] = json!(name);
    }
    event
}

/// The values of a metric, in the order of the lines.
fn of(metrics: &[Value], name: &str) -> Vec<Value> {
    metrics.iter().filter_map(|line| line.get(name)).cloned().collect()
}

/// The statuses that entries changed to.
fn statuses_of(metrics: &[Value]) -> Vec<&str> {
    let entries = metrics.iter().filter(|line| line.get("Entries").is_some());
    entries.map(|line| line["Status"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_three_take_an_account_from_the_file_to_its_access() {
    let world = World::open().await;
    let mut intake = Running::start("intake", world.variables("intake")).await;
    let mut provision = Running::start("provision", world.variables("provision")).await;
    let mut handover = Running::start("handover", world.variables("handover")).await;

    let upload = world.upload(samples::event("s3-object-created")).await;
    assert_eq!(intake.succeed(&upload).await[0]["outcome"], "taken");
    assert_eq!(statuses(&world).await, ["QUEUED", "QUEUED", "QUEUED"]);
    // EventBridge delivers at least once: the same event again changes nothing.
    assert_eq!(intake.succeed(&upload).await[0]["outcome"], "already");
    assert_eq!(statuses(&world).await, ["QUEUED", "QUEUED", "QUEUED"]);

    let tick = samples::event("scheduled");
    assert_eq!(provision.succeed(&tick).await, done());
    assert_eq!(statuses(&world).await, ["PROVISIONING", "QUEUED", "QUEUED"]);

    world.let_aws_work();
    let account = world.account_id("test-account-1");
    let created = created("create-managed-account-succeeded", "test-account-1", &account);
    assert_eq!(provision.succeed(&created).await, done());
    assert_eq!(statuses(&world).await, ["CONFIGURING", "PROVISIONING", "QUEUED"]);

    assert_eq!(handover.succeed(&configuring("test-account-1")).await, done());
    assert_eq!(world.calls("sso", "CreateAccountAssignment"), 1);
    assert_eq!(world.calls("servicecatalog", "CreatePortfolioShare"), 1);
    world.let_aws_work();
    assert_eq!(handover.succeed(&tick).await, done());
    assert_eq!(statuses(&world).await, ["READY", "PROVISIONING", "QUEUED"]);

    let queued = of(&intake.stop(), "Entries");
    assert_eq!(queued, [3], "one line for the whole file");
    let provision = provision.stop();
    let changes = ["PROVISIONING", "CONFIGURING", "PROVISIONING"];
    assert_eq!(statuses_of(&provision), changes);
    assert_eq!(of(&provision, "LaunchSeconds").len(), 1);
    assert_eq!(of(&provision, "SlotsUsed"), [0], "as the one tick found them");
    assert_eq!(of(&provision, "SlotsFree"), [1]);
    assert_eq!(of(&provision, "LaunchingPaused"), [0]);
    assert_eq!(of(&provision, "OldestQueuedWithFreeSlotsSeconds"), [0]);
    assert_eq!(of(&provision, "LongestProvisioningSeconds"), [0]);
    let handover = handover.stop();
    assert_eq!(statuses_of(&handover), ["READY"]);
    assert_eq!(of(&handover, "HandoverSeconds").len(), 1);
    for (metrics, service) in [(provision, "Service Catalog"), (handover, "SSO Admin")] {
        let called: Vec<&Value> = metrics.iter().filter(|it| it["Service"] == service).collect();
        assert!(!called.is_empty(), "{service}: {metrics:?}");
        assert!(called.iter().all(|it| it["AwsCalls"].as_u64() > Some(0) && it["AwsErrors"] == 0));
    }
}

#[tokio::test]
async fn an_account_made_outside_vend_is_given_its_access_and_is_no_entry() {
    let world = World::open().await;
    let mut handover = Running::start("handover", world.variables("handover")).await;
    let account = world.account_id("webshop-production");
    let created = created("create-managed-account-outside", "webshop-production", &account);
    for _ in ["once", "and again"] {
        assert_eq!(handover.succeed(&created).await, done());
        assert_eq!(world.calls("sso", "CreateAccountAssignment"), 1);
        assert_eq!(world.calls("servicecatalog", "CreatePortfolioShare"), 1);
    }
    assert!(world.statuses().await.is_empty());
    handover.stop();
}

/// A request of CloudFormation's about that role.
fn of_a_stack(sample: &str, role: &str, id: &Value) -> Value {
    let mut event = samples::event(sample);
    event["ResourceProperties"]["PrincipalArn"] = json!(role);
    event["PhysicalResourceId"] = id.clone();
    event
}

/// Checks that `arrived` is an answer to the samples' stack.
fn check_answer(arrived: &Arrived, sample: &str) {
    assert_eq!((arrived.method.as_str(), arrived.path.as_str()), ("PUT", Stack::PATH));
    assert_eq!(arrived.content_type.as_deref(), Some(""));
    for name in ["StackId", "RequestId", "LogicalResourceId"] {
        assert_eq!(arrived.answer[name], samples::event(sample)[name], "{name}");
    }
}

#[tokio::test]
async fn a_stack_lets_a_role_launch_accounts_and_takes_it_back() {
    let world = World::open().await;
    let mut stack = Stack::start(StatusCode::OK).await;
    let mut intake = Running::start("intake", world.variables("intake")).await;
    let role = "arn:aws:iam::111122223333:role/vend/provision";

    let mut id = Value::Null;
    for _ in ["once", "and again"] {
        let create = of_a_stack("cloudformation-create", role, &Value::Null);
        intake.succeed(&stack.asks(create)).await;
        let arrived = stack.next().await;
        check_answer(&arrived, "cloudformation-create");
        assert_eq!(arrived.answer["Status"], "SUCCESS", "{arrived:?}");
        assert_eq!(world.launchers().iter().filter(|it| *it == role).count(), 1);
        id = arrived.answer["PhysicalResourceId"].clone();
    }
    for _ in ["once", "and again"] {
        let delete = of_a_stack("cloudformation-delete", role, &id);
        intake.succeed(&stack.asks(delete)).await;
        let arrived = stack.next().await;
        check_answer(&arrived, "cloudformation-delete");
        assert_eq!(arrived.answer["Status"], "SUCCESS", "{arrived:?}");
        assert_eq!(arrived.answer["PhysicalResourceId"], id);
        assert!(!world.launchers().iter().any(|it| it == role));
    }
    intake.stop();
}

#[tokio::test]
async fn a_stack_is_told_of_a_failure_with_the_cause() {
    let world = World::open().await;
    let mut stack = Stack::start(StatusCode::OK).await;
    let mut intake = Running::start("intake", world.variables("intake")).await;
    let launchers = world.launchers();
    for sample in ["cloudformation-create", "cloudformation-update"] {
        let id = samples::event(sample)["PhysicalResourceId"].clone();
        let wrong = of_a_stack(sample, "vend-provision", &id);
        let answer = intake.succeed(&stack.asks(wrong)).await;
        assert_eq!(answer["done"], false);
        let arrived = stack.next().await;
        check_answer(&arrived, sample);
        assert_eq!(arrived.answer["Status"], "FAILED");
        let reason = arrived.answer["Reason"].as_str().unwrap();
        assert!(reason.contains("PrincipalArn is wrong"), "{reason}");
    }
    assert_eq!(world.launchers(), launchers);
    intake.stop();
}

#[tokio::test]
async fn a_stack_that_cannot_be_answered_is_an_error_so_that_lambda_comes_again() {
    let world = World::open().await;
    let stack = Stack::start(StatusCode::FORBIDDEN).await;
    let mut intake = Running::start("intake", world.variables("intake")).await;
    let create = stack.asks(samples::event("cloudformation-create"));
    let Answer::Error { kind, message } = intake.invoke(&create).await else { panic!("no error") };
    assert_eq!(kind, "Vend.StackNotAnswered");
    assert!(message.contains("HTTP status 403"), "{message}");
    intake.succeed(&samples::event("s3-test-event")).await;
    intake.stop();
}

#[tokio::test]
async fn everything_missing_is_told_at_once() {
    let world = World::open().await;
    for function in FUNCTIONS {
        let mut running = Running::start(function, world.of_aws()).await;
        assert!(!running.ended().await.success(), "{function}");
        let output = running.output();
        for (name, _) in world.required(function) {
            assert!(output.contains(&format!("{name} is missing")), "{function}, {name}: {output}");
        }
    }
}
