"""How each operation of the landing zone is driven, and each of its refusals."""

import uuid

FACTORY = "AWS Control Tower Account Factory"
NOBODY = "999999999999"
LONG_TIME = 20
EXTERNAL_ID = "vend-example-external-id"


def sts(contract):
    identity = contract.call("sts", "GetCallerIdentity")
    contract.expect("sts", "GetCallerIdentity", identity["Arn"].startswith("arn:aws:sts::"), "the caller is a session")


def pages(contract, service, operation, key, size, **parameters):
    """All of a list, in pages of `size`, and in pages of the service's own size."""

    def all_of(**more):
        page = contract.call(service, operation, **parameters, **more)
        whole = list(page[key])
        while page.get("NextToken"):
            page = contract.call(service, operation, **parameters, **more, NextToken=page["NextToken"])
            whole += page[key]
        return whole

    small, large = all_of(MaxResults=size), all_of()
    contract.expect(service, operation, small == large, "small pages hold what large ones hold")
    return large


def organizations(contract):
    service = "organizations"
    contract.call(service, "DescribeOrganization")
    contract.call(service, "ListAWSServiceAccessForOrganization")
    root = pages(contract, service, "ListRoots", "Roots", 1)[0]["Id"]
    accounts = pages(contract, service, "ListAccounts", "Accounts", 2)
    for account in accounts:
        contract.call(service, "DescribeAccount", AccountId=account["Id"])
        contract.call(service, "ListParents", ChildId=account["Id"])
    for unit in units_under(contract, root):
        contract.call(service, "DescribeOrganizationalUnit", OrganizationalUnitId=unit["Id"])
        contract.call(service, "ListParents", ChildId=unit["Id"])
    for kind in ("ACCOUNT", "ORGANIZATIONAL_UNIT"):
        contract.call(service, "ListChildren", ParentId=root, ChildType=kind)
    organizations_refusals(contract, root)


def units_under(contract, parent):
    service = "organizations"
    pages(contract, service, "ListAccountsForParent", "Accounts", 1, ParentId=parent)
    units = pages(contract, service, "ListOrganizationalUnitsForParent", "OrganizationalUnits", 2, ParentId=parent)
    return units + [below for unit in units for below in units_under(contract, unit["Id"])]


def organizations_refusals(contract, root):
    service, invalid = "organizations", "InvalidInputException"
    nowhere = "ou-zzzz-zzzzzzzz"
    contract.refused(service, "DescribeAccount", invalid, AccountId="Not Available")
    contract.refused(service, "DescribeAccount", invalid)
    contract.refused(service, "DescribeAccount", "AccountNotFoundException", AccountId=NOBODY)
    contract.refused(service, "DescribeOrganizationalUnit", invalid, OrganizationalUnitId=root)
    contract.refused(
        service, "DescribeOrganizationalUnit", "OrganizationalUnitNotFoundException", OrganizationalUnitId=nowhere
    )
    contract.refused(service, "ListParents", "ChildNotFoundException", ChildId=NOBODY)
    contract.refused(service, "ListParents", invalid, ChildId=root)
    contract.refused(service, "ListChildren", invalid, ParentId=root, ChildType="ROOT")
    for operation in ("ListAccountsForParent", "ListOrganizationalUnitsForParent"):
        contract.refused(service, operation, "ParentNotFoundException", ParentId=nowhere)
        contract.refused(service, operation, invalid, ParentId="Custom")
    contract.refused(service, "ListChildren", "ParentNotFoundException", ParentId=nowhere, ChildType="ACCOUNT")
    for operation in ("ListAccounts", "ListRoots", "ListAWSServiceAccessForOrganization"):
        contract.refused(service, operation, invalid, MaxResults=21)
        contract.refused(service, operation, invalid, NextToken="nonsense")
    contract.member(service, "ListAccounts")


def own_instance(contract):
    instances = contract.call("sso-admin", "ListInstances")["Instances"]
    organization = contract.call("organizations", "DescribeOrganization")["Organization"]
    own = [it for it in instances if it["OwnerAccountId"] == organization["MasterAccountId"]]
    contract.expect("sso-admin", "ListInstances", len(own) == 1, "the organization has one instance")
    return own[0], [it for it in instances if it not in own]


def sso_admin(contract):
    service = "sso-admin"
    instance, others = own_instance(contract)
    arn = instance["InstanceArn"]
    sets = pages(contract, service, "ListPermissionSets", "PermissionSets", 4, InstanceArn=arn)
    for permission_set in sets:
        contract.call(service, "DescribePermissionSet", InstanceArn=arn, PermissionSetArn=permission_set)
    wanted = {
        "InstanceArn": arn,
        "PermissionSetArn": sets[0],
        "TargetType": "AWS_ACCOUNT",
        "TargetId": member_account(contract),
        "PrincipalType": "GROUP",
        "PrincipalId": group(contract, instance["IdentityStoreId"]),
    }
    assign(contract, wanted)
    sso_admin_refusals(contract, wanted, others)
    made = new_permission_set(contract, arn)
    policies(contract, made)
    provision(contract, {**wanted, **made})
    provisioning_refusals(contract, {**wanted, **made})


def member_account(contract):
    accounts = contract.call("organizations", "ListAccounts")["Accounts"]
    return [it["Id"] for it in accounts if it["State"] == "ACTIVE"][-1]


def suspended_account(contract):
    accounts = contract.call("organizations", "ListAccounts")["Accounts"]
    return next(it["Id"] for it in accounts if it["State"] == "SUSPENDED")


def group(contract, store):
    by_name = {"UniqueAttribute": {"AttributePath": "displayName", "AttributeValue": "Platform-Admins"}}
    found = contract.call("identitystore", "GetGroupId", IdentityStoreId=store, AlternateIdentifier=by_name)
    return found["GroupId"]


def assign(contract, wanted):
    """Assigns until a second assignment hits upon the first one under way."""
    service, operation = "sso-admin", "CreateAccountAssignment"
    assert_settles(contract, wanted, "SUCCEEDED")
    assert_settles(contract, {**wanted, "TargetId": suspended_account(contract)}, "FAILED")
    listed = contract.call(
        service,
        "ListAccountAssignments",
        InstanceArn=wanted["InstanceArn"],
        AccountId=wanted["TargetId"],
        PermissionSetArn=wanted["PermissionSetArn"],
    )["AccountAssignments"]
    principals = [it["PrincipalId"] for it in listed]
    contract.expect(service, operation, wanted["PrincipalId"] in principals, "what was assigned is listed")
    for _ in range(LONG_TIME):
        begun = contract.call(service, operation, **wanted)["AccountAssignmentCreationStatus"]
        second = contract.call_or_refused(service, operation, "ConflictException", **wanted)
        settle(contract, wanted, begun)
        if second is None:
            return
        settle(contract, wanted, second["AccountAssignmentCreationStatus"])
    contract.expect(service, operation, False, "two assignments at once are a conflict")


def assert_settles(contract, wanted, status):
    begun = contract.call("sso-admin", "CreateAccountAssignment", **wanted)["AccountAssignmentCreationStatus"]
    contract.expect("sso-admin", "CreateAccountAssignment", begun["Status"] == "IN_PROGRESS", "it is asynchronous")
    over = settle(contract, wanted, begun)
    contract.expect("sso-admin", "CreateAccountAssignment", over["Status"] == status, f"it ends {status}")


def new_permission_set(contract, arn):
    """A new permission set: its ARN and the instance's, as most operations take them."""
    service, name = "sso-admin", f"contract-{uuid.uuid4().hex[:8]}"
    request = {"InstanceArn": arn, "Name": name, "SessionDuration": "PT4H"}
    more = {"Description": "For the contract", "RelayState": "https://console.aws.amazon.com/"}
    made = contract.call(service, "CreatePermissionSet", **request, **more)["PermissionSet"]
    about = {"InstanceArn": arn, "PermissionSetArn": made["PermissionSetArn"]}
    contract.call(service, "UpdatePermissionSet", **about, SessionDuration="PT8H")
    seen = contract.call(service, "DescribePermissionSet", **about)["PermissionSet"]
    contract.expect(service, "UpdatePermissionSet", seen["SessionDuration"] == "PT8H", "the session is longer")
    contract.expect(service, "UpdatePermissionSet", "RelayState" not in seen, "what is not said of RelayState clears it")
    contract.refused(service, "CreatePermissionSet", "ConflictException", **request)
    invalid = "ValidationException"
    for change in ({"Name": "no name"}, {"SessionDuration": "PT13H"}, {"Description": ""}, {"RelayState": "<>"}):
        contract.refused(service, "CreatePermissionSet", invalid, **{**request, **change})
    contract.refused(service, "UpdatePermissionSet", invalid, **about, SessionDuration="4h")
    contract.member(service, "CreatePermissionSet", **request)
    return about


def policies(contract, about):
    service, unknown = "sso-admin", "ResourceNotFoundException"
    managed = {"ManagedPolicyArn": "arn:aws:iam::aws:policy/job-function/Billing"}
    own = {"CustomerManagedPolicyReference": {"Name": "VendBoundary", "Path": "/vend/"}}
    for what, attach, detach, key in (
        (managed, "AttachManagedPolicyToPermissionSet", "DetachManagedPolicyFromPermissionSet", "AttachedManagedPolicies"),
        (
            own,
            "AttachCustomerManagedPolicyReferenceToPermissionSet",
            "DetachCustomerManagedPolicyReferenceFromPermissionSet",
            "CustomerManagedPolicyReferences",
        ),
    ):
        contract.call(service, attach, **about, **what)
        contract.refused(service, attach, "ConflictException", **about, **what)
        listed = f"List{'ManagedPolicies' if what is managed else key}InPermissionSet"
        held = pages(contract, service, listed, key, 1, **about)
        contract.expect(service, listed, len(held) == 1, "what is attached is listed")
        contract.call(service, detach, **about, **what)
        contract.refused(service, detach, unknown, **about, **what)
    ten = [f"arn:aws:iam::aws:policy/policy-{number}" for number in range(10)]
    for arn in ten:
        contract.call(service, "AttachManagedPolicyToPermissionSet", **about, ManagedPolicyArn=arn)
    contract.refused(service, "AttachManagedPolicyToPermissionSet", "ServiceQuotaExceededException", **about, **managed)
    for arn in ten:
        contract.call(service, "DetachManagedPolicyFromPermissionSet", **about, ManagedPolicyArn=arn)
    single_policies(contract, about, own)


def single_policies(contract, about, own):
    service, unknown, invalid = "sso-admin", "ResourceNotFoundException", "ValidationException"
    document = '{"Version": "2012-10-17", "Statement": []}'
    contract.call(service, "GetInlinePolicyForPermissionSet", **about)
    contract.refused(service, "DeleteInlinePolicyFromPermissionSet", unknown, **about)
    contract.call(service, "PutInlinePolicyToPermissionSet", **about, InlinePolicy=document)
    held = contract.call(service, "GetInlinePolicyForPermissionSet", **about)["InlinePolicy"]
    contract.expect(service, "GetInlinePolicyForPermissionSet", held == document, "it is what was put")
    for none in ("nonsense", "x" * 32769):
        contract.refused(service, "PutInlinePolicyToPermissionSet", invalid, **about, InlinePolicy=none)
    contract.call(service, "DeleteInlinePolicyFromPermissionSet", **about)
    contract.refused(service, "GetPermissionsBoundaryForPermissionSet", unknown, **about)
    contract.refused(service, "DeletePermissionsBoundaryFromPermissionSet", unknown, **about)
    for boundary in ({"ManagedPolicyArn": "arn:aws:iam::aws:policy/PowerUserAccess"}, own):
        contract.call(service, "PutPermissionsBoundaryToPermissionSet", **about, PermissionsBoundary=boundary)
        held = contract.call(service, "GetPermissionsBoundaryForPermissionSet", **about)["PermissionsBoundary"]
        contract.expect(service, "GetPermissionsBoundaryForPermissionSet", held == boundary, "it is what was put")
    contract.refused(service, "PutPermissionsBoundaryToPermissionSet", invalid, **about, PermissionsBoundary={})
    contract.call(service, "DeletePermissionsBoundaryFromPermissionSet", **about)


def provision(contract, wanted):
    """Assigns, changes what is assigned, and brings the change to the account."""
    service, account = "sso-admin", wanted["TargetId"]
    about = {key: wanted[key] for key in ("InstanceArn", "PermissionSetArn")}
    assert_settles(contract, wanted, "SUCCEEDED")
    contract.call(service, "UpdatePermissionSet", **about, SessionDuration="PT2H")
    outdated, latest = (
        {"ProvisioningStatus": f"LATEST_PERMISSION_SET_{which}"} for which in ("NOT_PROVISIONED", "PROVISIONED")
    )
    operation, key = "ListAccountsForProvisionedPermissionSet", "AccountIds"
    before = pages(contract, service, operation, key, 1, **about, **outdated)
    contract.expect(service, operation, before == [account], "the account holds the old one")
    for target in ({"TargetType": "ALL_PROVISIONED_ACCOUNTS"}, {"TargetType": "AWS_ACCOUNT", "TargetId": account}):
        begun = contract.call(service, "ProvisionPermissionSet", **about, **target)["PermissionSetProvisioningStatus"]
        done = lambda answer: answer["PermissionSetProvisioningStatus"]["Status"] != "IN_PROGRESS"
        request = {"InstanceArn": wanted["InstanceArn"], "ProvisionPermissionSetRequestId": begun["RequestId"]}
        over = contract.until(done, service, "DescribePermissionSetProvisioningStatus", **request)
        status = over["PermissionSetProvisioningStatus"]["Status"]
        contract.expect(service, "ProvisionPermissionSet", status == "SUCCEEDED", "it ends well")
    after = pages(contract, service, operation, key, 1, **about, **latest)
    contract.expect(service, operation, after == [account], "the account holds the new one")
    of_account = {"InstanceArn": wanted["InstanceArn"], "AccountId": account}
    operation, key = "ListPermissionSetsProvisionedToAccount", "PermissionSets"
    held = pages(contract, service, operation, key, 1, **of_account)
    contract.expect(service, operation, wanted["PermissionSetArn"] in held, "the account's sets have it")
    principals_and_deletion(contract, wanted)


def principals_and_deletion(contract, wanted):
    service, operation = "sso-admin", "ListAccountAssignmentsForPrincipal"
    about = {key: wanted[key] for key in ("InstanceArn", "PrincipalId", "PrincipalType")}
    mine = {"Filter": {"AccountId": wanted["TargetId"]}}
    listed = pages(contract, service, operation, "AccountAssignments", 1, **about, **mine)
    sets = [it["PermissionSetArn"] for it in listed]
    contract.expect(service, operation, wanted["PermissionSetArn"] in sets, "the principal's assignments have it")
    contract.refused(service, operation, "ResourceNotFoundException", **{**about, "PrincipalId": str(uuid.uuid4())})
    begun = contract.call(service, "DeleteAccountAssignment", **wanted)["AccountAssignmentDeletionStatus"]
    done = lambda answer: answer["AccountAssignmentDeletionStatus"]["Status"] != "IN_PROGRESS"
    request = {"InstanceArn": wanted["InstanceArn"], "AccountAssignmentDeletionRequestId": begun["RequestId"]}
    over = contract.until(done, service, "DescribeAccountAssignmentDeletionStatus", **request)
    status = over["AccountAssignmentDeletionStatus"]["Status"]
    contract.expect(service, "DeleteAccountAssignment", status == "SUCCEEDED", "it ends well")
    contract.refused(service, "DeleteAccountAssignment", "ResourceNotFoundException", **wanted)


def provisioning_refusals(contract, wanted):
    service, unknown, invalid = "sso-admin", "ResourceNotFoundException", "ValidationException"
    about = {key: wanted[key] for key in ("InstanceArn", "PermissionSetArn")}
    nowhere = {"TargetType": "AWS_ACCOUNT", "TargetId": NOBODY}
    contract.refused(service, "ProvisionPermissionSet", unknown, **about, **nowhere)
    for target in ({"TargetType": "AWS_ACCOUNT"}, {"TargetType": "ORGANIZATION"}):
        contract.refused(service, "ProvisionPermissionSet", invalid, **about, **target)
    instance, nothing = {"InstanceArn": wanted["InstanceArn"]}, str(uuid.uuid4())
    for operation, member in (
        ("DescribePermissionSetProvisioningStatus", "ProvisionPermissionSetRequestId"),
        ("DescribeAccountAssignmentDeletionStatus", "AccountAssignmentDeletionRequestId"),
    ):
        contract.refused(service, operation, unknown, **instance, **{member: nothing})
        contract.refused(service, operation, invalid, **instance, **{member: "x"})
    contract.refused(service, "ListPermissionSetsProvisionedToAccount", unknown, **instance, AccountId=NOBODY)
    for operation in ("ListManagedPoliciesInPermissionSet", "ListAccountsForProvisionedPermissionSet"):
        contract.refused(service, operation, invalid, **about, MaxResults=101)


def settle(contract, wanted, begun):
    done = lambda answer: answer["AccountAssignmentCreationStatus"]["Status"] != "IN_PROGRESS"
    operation = "DescribeAccountAssignmentCreationStatus"
    about = {
        "InstanceArn": wanted["InstanceArn"],
        "AccountAssignmentCreationRequestId": begun["RequestId"],
    }
    return contract.until(done, "sso-admin", operation, **about)["AccountAssignmentCreationStatus"]


def sso_admin_refusals(contract, wanted, others):
    service, create = "sso-admin", "CreateAccountAssignment"
    unknown, invalid = "ResourceNotFoundException", "ValidationException"
    arn, permission_set = wanted["InstanceArn"], wanted["PermissionSetArn"]
    no_set, no_principal = permission_set[:-4] + "zzzz", str(uuid.uuid4())
    for change in ({"TargetId": NOBODY}, {"PermissionSetArn": no_set}, {"PrincipalId": no_principal}):
        contract.refused(service, create, unknown, **{**wanted, **change})
    malformed = [{"TargetId": "Not Available"}, {"PrincipalId": "Platform-Admins"}, {"PrincipalType": "ROLE"}]
    for change in [*malformed, {"TargetType": "OU"}, {"PermissionSetArn": "AWSReadOnlyAccess"}, {"InstanceArn": "x"}]:
        contract.refused(service, create, invalid, **{**wanted, **change})
    contract.refused(service, "ListPermissionSets", unknown, InstanceArn=arn[:-4] + "zzzz")
    contract.refused(service, "ListPermissionSets", invalid, InstanceArn=arn, MaxResults=101)
    for other in others:
        contract.refused(service, "ListPermissionSets", "AccessDeniedException", InstanceArn=other["InstanceArn"])
    contract.refused(service, "DescribePermissionSet", unknown, InstanceArn=arn, PermissionSetArn=no_set)
    contract.refused(service, "ListInstances", invalid, NextToken="nonsense")
    about = {"InstanceArn": arn, "AccountAssignmentCreationRequestId": no_principal}
    contract.refused(service, "DescribeAccountAssignmentCreationStatus", unknown, **about)
    about = {"InstanceArn": arn, "AccountId": NOBODY, "PermissionSetArn": permission_set}
    contract.refused(service, "ListAccountAssignments", unknown, **about)
    contract.member(service, "ListInstances")


def identitystore(contract):
    service = "identitystore"
    store = own_instance(contract)[0]["IdentityStoreId"]
    contract.call(service, "DescribeGroup", IdentityStoreId=store, GroupId=group(contract, store))
    by = lambda path, value: {"UniqueAttribute": {"AttributePath": path, "AttributeValue": value}}
    for identifier in (by("userName", "john.smith"), by("emails.value", "jane.doe@example.com")):
        user = contract.call(service, "GetUserId", IdentityStoreId=store, AlternateIdentifier=identifier)
        contract.call(service, "DescribeUser", IdentityStoreId=store, UserId=user["UserId"])
    unknown, invalid = "ResourceNotFoundException", "ValidationException"
    nobody = {"IdentityStoreId": store, "AlternateIdentifier": by("displayName", "Nobody")}
    contract.refused(service, "GetGroupId", unknown, **nobody)
    contract.refused(service, "GetGroupId", unknown, **{**nobody, "IdentityStoreId": "d-0000000000"})
    contract.refused(service, "GetGroupId", invalid, **{**nobody, "IdentityStoreId": "x"})
    contract.refused(service, "GetUserId", invalid, **nobody)
    nobody["AlternateIdentifier"] = by("userName", "nobody")
    contract.refused(service, "GetUserId", unknown, **nobody)
    contract.refused(service, "DescribeGroup", unknown, IdentityStoreId=store, GroupId=str(uuid.uuid4()))
    contract.refused(service, "DescribeGroup", invalid, IdentityStoreId=store, GroupId="Developers")
    contract.refused(service, "DescribeUser", unknown, IdentityStoreId=store, UserId=str(uuid.uuid4()))
    contract.member(service, "DescribeGroup", IdentityStoreId=store, GroupId=group(contract, store))
    memberships(contract, store)


def memberships(contract, store):
    service = "identitystore"
    users = pages(contract, service, "ListUsers", "Users", 1, IdentityStoreId=store)
    groups = pages(contract, service, "ListGroups", "Groups", 2, IdentityStoreId=store)
    by_name = [{"AttributePath": "DisplayName", "AttributeValue": "Developers"}]
    found = contract.call(service, "ListGroups", IdentityStoreId=store, Filters=by_name)["Groups"]
    contract.expect(service, "ListGroups", len(found) == 1, "a filter finds one by name")
    about, key = {"IdentityStoreId": store}, "GroupMemberships"
    of_groups = [
        it for one in groups for it in pages(contract, service, "ListGroupMemberships", key, 1, **about, GroupId=one["GroupId"])
    ]
    operation = "ListGroupMembershipsForMember"
    of_users = [
        it for one in users for it in pages(contract, service, operation, key, 1, **about, MemberId={"UserId": one["UserId"]})
    ]
    ids = lambda listed: sorted(it["MembershipId"] for it in listed)
    contract.expect(service, operation, ids(of_groups) == ids(of_users) != [], "both sides show the same memberships")
    unknown, nobody = "ResourceNotFoundException", str(uuid.uuid4())
    contract.refused(service, "ListGroupMemberships", unknown, **about, GroupId=nobody)
    contract.refused(service, operation, unknown, **about, MemberId={"UserId": nobody})
    for name in ("ListUsers", "ListGroups"):
        contract.refused(service, name, "ValidationException", **about, MaxResults=101)


def sns(contract):
    service = "sns"
    topic = contract.call(service, "CreateTopic", Name="contract-notices")["TopicArn"]
    kind = {"kind": {"DataType": "String", "StringValue": "batch-finished"}}
    contract.call(service, "Publish", TopicArn=topic, Subject="Zwölf Konten", Message="a < b & c", MessageAttributes=kind)
    contract.call(service, "Publish", TopicArn=topic, Message="no subject")
    forms = '{"default": "text", "sqs": "{}"}'
    contract.call(service, "Publish", TopicArn=topic, Message=forms, MessageStructure="json")
    topics = contract.call(service, "ListTopics")["Topics"]
    contract.expect(service, "ListTopics", {"TopicArn": topic} in topics, "a new topic is listed")
    contract.call(service, "Subscribe", TopicArn=topic, Protocol="email", Endpoint="ops@example.com")
    queue = "arn:aws:sqs:us-east-1:111122223333:contract"
    contract.call(service, "Subscribe", TopicArn=topic, Protocol="sqs", Endpoint=queue)
    listed = contract.call(service, "ListSubscriptionsByTopic", TopicArn=topic)["Subscriptions"]
    contract.expect(service, "ListSubscriptionsByTopic", len(listed) == 2, "both subscriptions are listed")
    contract.call(service, "GetTopicAttributes", TopicArn=topic)
    sns_refusals(contract, topic)


def sns_refusals(contract, topic):
    service, invalid, unknown = "sns", "InvalidParameter", "NotFound"
    nowhere = topic + "-not-there"
    for subject in ("two\nlines", "x" * 100, " indented"):
        contract.refused(service, "Publish", invalid, TopicArn=topic, Subject=subject, Message="text")
    contract.refused(service, "Publish", invalid, TopicArn=topic, Message="x" * 262145)
    contract.refused(service, "Publish", invalid, TopicArn=topic, Message="{}", MessageStructure="json")
    contract.refused(service, "Publish", invalid, TopicArn=topic, Message="text", MessageStructure="json")
    contract.refused(service, "Publish", unknown, TopicArn=nowhere, Message="text")
    contract.refused(service, "CreateTopic", invalid, Name="not a name")
    contract.refused(service, "Subscribe", invalid, TopicArn=topic, Protocol="mail", Endpoint="ops@example.com")
    contract.refused(service, "Subscribe", unknown, TopicArn=nowhere, Protocol="email", Endpoint="ops@example.com")
    contract.refused(service, "GetTopicAttributes", unknown, TopicArn=nowhere)
    contract.refused(service, "ListSubscriptionsByTopic", unknown, TopicArn=nowhere)
    contract.refused(service, "ListTopics", invalid, NextToken="nonsense")


def service_catalog(contract):
    service = "servicecatalog"
    product, artifact = factory(contract)
    portfolio = portfolios(contract, product)
    share(contract, portfolio)
    launched = launch(contract, product, artifact)
    terminate(contract, launched)
    service_catalog_refusals(contract, product, artifact, portfolio)
    contract.member(service, "ListPortfolios")


def factory(contract):
    service = "servicecatalog"
    described = contract.call(service, "DescribeProductAsAdmin", Name=FACTORY)
    product = described["ProductViewDetail"]["ProductViewSummary"]["ProductId"]
    contract.call(service, "DescribeProductAsAdmin", Id=product)
    found = contract.call(service, "SearchProductsAsAdmin", Filters={"FullTextSearch": [FACTORY]})
    ids = [it["ProductViewSummary"]["ProductId"] for it in found["ProductViewDetails"]]
    contract.expect(service, "SearchProductsAsAdmin", ids == [product], "an administrator finds the product")
    contract.call(service, "SearchProducts", Filters={"FullTextSearch": [FACTORY]})
    listed = contract.call(service, "ListProvisioningArtifacts", ProductId=product)
    active = [it["Id"] for it in listed["ProvisioningArtifactDetails"] if it["Active"]]
    contract.expect(service, "ListProvisioningArtifacts", len(active) == 1, "one artifact is active")
    ids = {"ProductId": product, "ProvisioningArtifactId": active[0]}
    contract.call(service, "DescribeProvisioningArtifact", **ids, IncludeProvisioningArtifactParameters=True)
    contract.call(service, "DescribeProvisioningArtifact", **ids)
    return product, active[0]


def portfolios(contract, product):
    """The portfolio to share; on the way the caller gets its launch path."""
    service = "servicecatalog"
    listed = contract.call(service, "ListPortfolios")["PortfolioDetails"]
    for portfolio in listed:
        contract.call(service, "DescribePortfolio", Id=portfolio["Id"])
        contract.call(service, "ListPrincipalsForPortfolio", PortfolioId=portfolio["Id"])
    factory_portfolio = next(it["Id"] for it in listed if it["DisplayName"].startswith(FACTORY))
    within = contract.call(service, "ListPortfoliosForProduct", ProductId=product)["PortfolioDetails"]
    ids = [it["Id"] for it in within]
    contract.expect(service, "ListPortfoliosForProduct", ids == [factory_portfolio], "the product is in its portfolio")
    contract.call(service, "SearchProductsAsAdmin", PortfolioId=factory_portfolio)
    account = contract.call("sts", "GetCallerIdentity")["Account"]
    disassociate(contract, factory_portfolio, f"arn:aws:iam::{account}:role/contract-gone")
    role = f"arn:aws:iam::{account}:role/contract"
    about = {"PortfolioId": factory_portfolio, "PrincipalARN": role, "PrincipalType": "IAM"}
    contract.call(service, "AssociatePrincipalWithPortfolio", **about)
    seen = contract.call(service, "ListPrincipalsForPortfolio", PortfolioId=factory_portfolio)["Principals"]
    present = any(it["PrincipalARN"] == role for it in seen)
    contract.expect(service, "AssociatePrincipalWithPortfolio", present, "an associated principal is listed")
    return next(it["Id"] for it in listed if it["Id"] != factory_portfolio)


def disassociate(contract, portfolio, role):
    service, operation = "servicecatalog", "DisassociatePrincipalFromPortfolio"
    about = {"PortfolioId": portfolio, "PrincipalARN": role}
    for kind in ({"PrincipalType": "IAM"}, {}):
        contract.call(service, "AssociatePrincipalWithPortfolio", **about, PrincipalType="IAM")
        contract.call(service, operation, **about, **kind)
        seen = contract.call(service, "ListPrincipalsForPortfolio", PortfolioId=portfolio)["Principals"]
        gone = all(it["PrincipalARN"] != role for it in seen)
        contract.expect(service, operation, gone, "a disassociated principal is not listed")
    contract.refused(service, operation, "ResourceNotFoundException", **about)


def share(contract, portfolio):
    service = "servicecatalog"
    contract.call(service, "GetAWSOrganizationsAccessStatus")
    node = {"Type": "ACCOUNT", "Value": member_account(contract)}
    begun = contract.call(service, "CreatePortfolioShare", PortfolioId=portfolio, OrganizationNode=node)
    done = lambda answer: answer["Status"] not in ("NOT_STARTED", "IN_PROGRESS")
    token = begun["PortfolioShareToken"]
    over = contract.until(done, service, "DescribePortfolioShareStatus", PortfolioShareToken=token)
    contract.expect(service, "CreatePortfolioShare", over["Status"] == "COMPLETED", "a share completes")
    contract.call(service, "CreatePortfolioShare", PortfolioId=portfolio, OrganizationNode=node)
    plain = contract.call(service, "CreatePortfolioShare", PortfolioId=portfolio, AccountId=node["Value"])
    contract.expect(service, "CreatePortfolioShare", "PortfolioShareToken" not in plain, "an account share has no token")
    for kind in ("ACCOUNT", "ORGANIZATION", "ORGANIZATIONAL_UNIT", "ORGANIZATION_MEMBER_ACCOUNT"):
        contract.call(service, "DescribePortfolioShares", PortfolioId=portfolio, Type=kind)


def members(contract):
    """A role is assumed in a member account, which has a view of its own."""
    account = member_account(contract)
    role = {"RoleArn": f"arn:aws:iam::{account}:role/vend-member", "RoleSessionName": "contract"}
    for denied in ({}, {"ExternalId": "another"}, {"ExternalId": EXTERNAL_ID, "RoleArn": role["RoleArn"] + "s"}):
        _, status, _, parsed = contract.send("sts", "AssumeRole", {**role, **denied})
        told = status, parsed["Error"]["Code"]
        contract.expect("sts", "AssumeRole", told == (403, "AccessDenied"), f"nobody is let in with {denied}")
    assumed = contract.call("sts", "AssumeRole", **role, ExternalId=EXTERNAL_ID)
    member = contract.acting_as(assumed["Credentials"])
    identity = member.call("sts", "GetCallerIdentity")
    contract.expect("sts", "AssumeRole", identity["Account"] == account, "the session is of the account")
    contract.client("iam")
    roles = iam(member)
    share_with(contract, account)
    shared = shared_portfolios(contract, member, account)
    local_portfolio(member, shared, roles)
    member_refusals(member, shared, roles)


def iam(member):
    service = "iam"
    first = member.call(service, "ListRoles", MaxItems=1)
    rest = member.call(service, "ListRoles", Marker=first["Marker"])
    roles = {it["RoleName"]: it["Arn"] for it in first["Roles"] + rest["Roles"]}
    member.expect(service, "ListRoles", {"vend-member", "deploy"} <= set(roles), "the described roles are listed")
    of_sets = member.call(service, "ListRoles", PathPrefix="/aws-reserved/sso.amazonaws.com/")["Roles"]
    named = all(it["RoleName"].startswith("AWSReservedSSO_") for it in of_sets)
    member.expect(service, "ListRoles", of_sets and named, "the roles of permission sets have their path")
    member.call(service, "GetRole", RoleName="deploy")
    member.refused(service, "GetRole", "NoSuchEntity", RoleName="nobody")
    return roles


def share_with(contract, account):
    """A share with the account by the organization, made and waited for."""
    service = "servicecatalog"
    portfolio = next(it["Id"] for it in contract.call(service, "ListPortfolios")["PortfolioDetails"] if "network" in it["Id"])
    node = {"Type": "ACCOUNT", "Value": account}
    token = contract.call(service, "CreatePortfolioShare", PortfolioId=portfolio, OrganizationNode=node)
    if "PortfolioShareToken" in token:
        done = lambda answer: answer["Status"] not in ("NOT_STARTED", "IN_PROGRESS")
        contract.until(done, service, "DescribePortfolioShareStatus", PortfolioShareToken=token["PortfolioShareToken"])


def shared_portfolios(contract, member, account):
    """A portfolio that came by the organization; on the way an invitation is accepted."""
    service, kind = "servicecatalog", "PortfolioShareType"
    came = member.call(service, "ListAcceptedPortfolioShares", **{kind: "AWS_ORGANIZATIONS"})["PortfolioDetails"]
    contract.expect(service, "ListAcceptedPortfolioShares", len(came) == 1, "what the organization shares is there")
    shared = came[0]["Id"]
    about = {"PortfolioId": shared, kind: "AWS_ORGANIZATIONS"}
    member.call(service, "AcceptPortfolioShare", **about)
    invited = next(it["Id"] for it in contract.call(service, "ListPortfolios")["PortfolioDetails"] if "security" in it["Id"])
    member.refused(service, "AcceptPortfolioShare", "ResourceNotFoundException", PortfolioId=invited)
    contract.call(service, "CreatePortfolioShare", PortfolioId=invited, AccountId=account)
    member.refused(service, "AcceptPortfolioShare", "ResourceNotFoundException", **{**about, "PortfolioId": invited})
    member.call(service, "AcceptPortfolioShare", PortfolioId=invited)
    imported = member.call(service, "ListAcceptedPortfolioShares")["PortfolioDetails"]
    seen = invited in [it["Id"] for it in imported]
    contract.expect(service, "AcceptPortfolioShare", seen, "an accepted invitation is imported")
    member.call(service, "DescribePortfolio", Id=shared)
    return shared


def local_portfolio(member, shared, roles):
    service = "servicecatalog"
    new = {"DisplayName": "Local", "Description": "A copy", "ProviderName": "contract", "IdempotencyToken": "copy"}
    local = member.call(service, "CreatePortfolio", **new)["PortfolioDetail"]["Id"]
    again = member.call(service, "CreatePortfolio", **new)["PortfolioDetail"]["Id"]
    member.expect(service, "CreatePortfolio", local == again, "the same token makes the same portfolio")
    listed = [it["Id"] for it in member.call(service, "ListPortfolios")["PortfolioDetails"]]
    member.expect(service, "ListPortfolios", listed == [local], "an account lists its own portfolios")
    products = member.call(service, "SearchProductsAsAdmin", PortfolioId=shared)["ProductViewDetails"]
    product = products[0]["ProductViewSummary"]["ProductId"]
    into = {"ProductId": product, "PortfolioId": local}
    member.call(service, "AssociateProductWithPortfolio", **into, SourcePortfolioId=shared)
    principal = {"PrincipalARN": roles["deploy"], "PrincipalType": "IAM"}
    for portfolio in (local, shared):
        member.call(service, "AssociatePrincipalWithPortfolio", PortfolioId=portfolio, **principal)
        member.call(service, "ListPrincipalsForPortfolio", PortfolioId=portfolio)
    launch = {"Type": "LAUNCH", "Parameters": '{"LocalRoleName":"deploy"}'}
    made = member.call(service, "CreateConstraint", **into, **launch, IdempotencyToken="one")
    member.call(service, "ListConstraintsForPortfolio", **into)
    member.call(service, "DescribeConstraint", Id=made["ConstraintDetail"]["ConstraintId"])
    duplicate = "DuplicateResourceException"
    member.refused(service, "CreateConstraint", duplicate, **into, **launch, IdempotencyToken="two")
    option = member.call(service, "CreateTagOption", Key="team", Value="web")["TagOptionDetail"]["Id"]
    member.refused(service, "CreateTagOption", duplicate, Key="team", Value="web")
    member.call(service, "ListTagOptions", Filters={"Key": "team", "Value": "web", "Active": True})
    give = {"ResourceId": local, "TagOptionId": option}
    member.call(service, "AssociateTagOptionWithResource", **give)
    member.refused(service, "AssociateTagOptionWithResource", duplicate, **give)
    told = member.call(service, "DescribePortfolio", Id=local)["TagOptions"]
    member.expect(service, "DescribePortfolio", [it["Id"] for it in told] == [option], "its tag options are told")


def member_refusals(member, shared, roles):
    service, unknown, invalid = "servicecatalog", "ResourceNotFoundException", "InvalidParametersException"
    nobody = roles["deploy"] + "-nobody"
    member.refused(
        service, "AssociatePrincipalWithPortfolio", invalid, PortfolioId=shared, PrincipalARN=nobody, PrincipalType="IAM"
    )
    pattern = {"PortfolioId": shared, "PrincipalType": "IAM_PATTERN"}
    for number in range(10):
        role = f"arn:aws:iam:::role/team-{number}-*"
        member.call(service, "AssociatePrincipalWithPortfolio", **pattern, PrincipalARN=role)
    role = "arn:aws:iam:::role/one-more-*"
    member.refused(service, "AssociatePrincipalWithPortfolio", "LimitExceededException", **pattern, PrincipalARN=role)
    into = {"ProductId": "prod-none", "PortfolioId": shared}
    member.refused(service, "AssociateProductWithPortfolio", unknown, **into, SourcePortfolioId=shared)
    launch = {"Type": "LAUNCH", "Parameters": '{"LocalRoleName":"deploy"}', "IdempotencyToken": "three"}
    member.refused(service, "CreateConstraint", unknown, **into, **launch)
    member.refused(service, "DescribeConstraint", unknown, Id="cons-none")
    member.refused(service, "AssociateTagOptionWithResource", unknown, ResourceId=shared, TagOptionId="tag-none")
    for operation in ("ListPrincipalsForPortfolio", "ListConstraintsForPortfolio"):
        member.refused(service, operation, unknown, PortfolioId="port-none")
    member.member(service, "ListTagOptions")


def launch_request(contract, product, artifact, name):
    described = contract.call(
        "servicecatalog", "DescribeProvisioningParameters", ProductId=product, ProvisioningArtifactId=artifact
    )
    parameters = {it["ParameterKey"]: it for it in described["ProvisioningArtifactParameters"]}
    values = {
        "AccountName": name,
        "AccountEmail": f"{name}@example.com",
        "SSOUserFirstName": "Jane",
        "SSOUserLastName": "Doe",
        "SSOUserEmail": "jane.doe@example.com",
        "ManagedOrganizationalUnit": parameters["ManagedOrganizationalUnit"]["ParameterConstraints"]["AllowedValues"][0],
    }
    contract.expect("servicecatalog", "DescribeProvisioningParameters", set(values) == set(parameters), "six parameters")
    return {
        "ProductId": product,
        "ProvisioningArtifactId": artifact,
        "ProvisionedProductName": name,
        "ProvisionToken": uuid.uuid4().hex,
        "ProvisioningParameters": [{"Key": key, "Value": value} for key, value in values.items()],
    }


def launch(contract, product, artifact):
    service = "servicecatalog"
    paths = contract.call(service, "ListLaunchPaths", ProductId=product)["LaunchPathSummaries"]
    contract.expect(service, "ListLaunchPaths", len(paths) == 1, "one launch path")
    request = launch_request(contract, product, artifact, f"contract-{uuid.uuid4().hex[:8]}")
    record = contract.call(service, "ProvisionProduct", **request)["RecordDetail"]
    again = contract.call(service, "ProvisionProduct", **request)["RecordDetail"]
    contract.expect(service, "ProvisionProduct", again["RecordId"] == record["RecordId"], "a token leads to one record")
    twin = {**request, "ProvisionToken": uuid.uuid4().hex}
    contract.refused(service, "ProvisionProduct", "InvalidParametersException", **twin)
    watch(contract, record)
    return record, request


def watch(contract, record):
    service, product = "servicecatalog", record["ProvisionedProductId"]
    contract.call(service, "DescribeProvisionedProduct", Id=product)
    token = {"SearchQuery": [f"name:{record['ProvisionedProductName']}"]}
    scope = {"Key": "Account", "Value": "self"}
    found = lambda answer: answer["ProvisionedProducts"]
    contract.until(found, service, "SearchProvisionedProducts", Filters=token, AccessLevelFilter=scope)
    done = lambda answer: answer["RecordDetail"]["Status"] in ("SUCCEEDED", "FAILED")
    over = contract.until(done, service, "DescribeRecord", Id=record["RecordId"])
    contract.expect(service, "DescribeRecord", over["RecordDetail"]["Status"] == "SUCCEEDED", "the launch succeeds")
    contract.call(service, "DescribeProvisionedProduct", Name=record["ProvisionedProductName"])
    contract.call(service, "GetProvisionedProductOutputs", ProvisionedProductId=product)
    contract.call(service, "GetProvisionedProductOutputs", ProvisionedProductId=product, PageSize=2)
    contract.call(service, "SearchProvisionedProducts", Filters=token, AccessLevelFilter=scope)


def terminate(contract, launched):
    service, (record, _) = "servicecatalog", launched
    product = record["ProvisionedProductId"]
    token = uuid.uuid4().hex
    ended = contract.call(service, "TerminateProvisionedProduct", ProvisionedProductId=product, TerminateToken=token)
    done = lambda answer: answer["RecordDetail"]["Status"] in ("SUCCEEDED", "FAILED")
    contract.until(done, service, "DescribeRecord", Id=ended["RecordDetail"]["RecordId"])
    contract.refused(service, "DescribeProvisionedProduct", "ResourceNotFoundException", Id=product)


def service_catalog_refusals(contract, product, artifact, portfolio):
    service, unknown, invalid = "servicecatalog", "ResourceNotFoundException", "InvalidParametersException"
    refused = lambda operation, code, **parameters: contract.refused(service, operation, code, **parameters)
    refused("DescribeProductAsAdmin", unknown, Id="prod-zzzzzzzzzzzzz")
    refused("DescribeProductAsAdmin", invalid)
    refused("ListProvisioningArtifacts", unknown, ProductId="prod-zzzzzzzzzzzzz")
    refused("DescribeProvisioningArtifact", unknown, ProductId=product, ProvisioningArtifactId="pa-zzzzzzzzzzzzz")
    refused("DescribeProvisioningParameters", unknown, ProductId=product, ProvisioningArtifactId="pa-zzzzzzzzzzzzz")
    refused("ListLaunchPaths", unknown, ProductId="prod-zzzzzzzzzzzzz")
    refused("DescribeRecord", unknown, Id="rec-zzzzzzzzzzzzz")
    refused("DescribeProvisionedProduct", unknown, Id="pp-zzzzzzzzzzzzz")
    refused("DescribeProvisionedProduct", invalid)
    refused("GetProvisionedProductOutputs", unknown, ProvisionedProductId="pp-zzzzzzzzzzzzz")
    refused("TerminateProvisionedProduct", unknown, ProvisionedProductId="pp-zzzzzzzzzzzzz", TerminateToken="x")
    refused("SearchProvisionedProducts", invalid, Filters={"SearchQuery": ["nonsense:1"]})
    refused("DescribePortfolio", unknown, Id="port-zzzzzzzzzzzzz")
    refused("DescribePortfolioShares", unknown, PortfolioId="port-zzzzzzzzzzzzz", Type="ACCOUNT")
    refused("DescribePortfolioShareStatus", unknown, PortfolioShareToken="share-zzzzzzzzzzzzz")
    refused("ListPrincipalsForPortfolio", unknown, PortfolioId="port-zzzzzzzzzzzzz")
    principal = {"PrincipalARN": f"arn:aws:iam::{NOBODY}:role/x", "PrincipalType": "IAM"}
    refused("AssociatePrincipalWithPortfolio", unknown, PortfolioId="port-zzzzzzzzzzzzz", **principal)
    refused("DisassociatePrincipalFromPortfolio", unknown, PortfolioId="port-zzzzzzzzzzzzz", **principal)
    session = f"arn:aws:sts::{NOBODY}:assumed-role/x/y"
    refused("DisassociatePrincipalFromPortfolio", invalid, PortfolioId=portfolio, PrincipalARN=session)
    refused("ListPortfoliosForProduct", unknown, ProductId="prod-zzzzzzzzzzzzz")
    refused("SearchProductsAsAdmin", unknown, PortfolioId="port-zzzzzzzzzzzzz")
    node = {"Type": "ACCOUNT", "Value": member_account(contract)}
    refused("CreatePortfolioShare", unknown, PortfolioId="port-zzzzzzzzzzzzz", OrganizationNode=node)
    refused("CreatePortfolioShare", invalid, PortfolioId=portfolio, OrganizationNode=node, AccountId=node["Value"])
    launch_refusals(contract, product, artifact)


def launch_refusals(contract, product, artifact):
    service, operation = "servicecatalog", "ProvisionProduct"
    unknown, invalid = "ResourceNotFoundException", "InvalidParametersException"
    request = launch_request(contract, product, artifact, "contract-refused")
    elsewhere = [it for it in request["ProvisioningParameters"] if it["Key"] != "ManagedOrganizationalUnit"]
    elsewhere.append({"Key": "ManagedOrganizationalUnit", "Value": "Nowhere (ou-zzzz-zzzzzzzz)"})
    contract.refused(service, operation, unknown, **{**request, "ProductId": "prod-zzzzzzzzzzzzz"})
    contract.refused(service, operation, invalid, **{**request, "ProvisioningParameters": elsewhere})


def control_tower(contract):
    service = "controltower"
    listed = contract.call(service, "ListLandingZones")["landingZones"]
    contract.expect(service, "ListLandingZones", len(listed) == 1, "there is one landing zone")
    arn = listed[0]["arn"]
    zone = contract.call(service, "GetLandingZone", landingZoneIdentifier=arn)["landingZone"]
    contract.expect(service, "GetLandingZone", zone["status"] == "ACTIVE", "the landing zone is set up")
    contract.refused(service, "GetLandingZone", "ResourceNotFoundException", landingZoneIdentifier=arn[:-1] + "X")
    contract.refused(service, "ListLandingZones", "ValidationException", maxResults=0)


def service_quotas(contract):
    service, accounts = "service-quotas", {"ServiceCode": "organizations", "QuotaCode": "L-E619E033"}
    quota = contract.call(service, "GetServiceQuota", **accounts)["Quota"]
    contract.expect(service, "GetServiceQuota", quota["Value"] == 10100.0, "the quota is the described one")
    default = contract.call(service, "GetAWSDefaultServiceQuota", **accounts)["Quota"]
    contract.expect(service, "GetAWSDefaultServiceQuota", default["Value"] == 10.0, "AWS starts with ten")
    other = {**accounts, "QuotaCode": "L-00000000"}
    contract.refused(service, "GetServiceQuota", "NoSuchResourceException", **other)
    contract.refused(service, "GetAWSDefaultServiceQuota", "IllegalArgumentException", ServiceCode="organizations")


ALL = [sts, organizations, sso_admin, identitystore, sns, service_catalog, members, control_tower, service_quotas]
