"""How each operation of the landing zone is driven, and each of its refusals."""

import uuid

FACTORY = "AWS Control Tower Account Factory"
NOBODY = "999999999999"
LONG_TIME = 20


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


ALL = [sts, organizations, sso_admin, identitystore, sns, service_catalog, control_tower, service_quotas]
