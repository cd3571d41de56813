"""The landing zone around the stack, and who answers for Identity Center and Organizations:
the landing zone itself, or moto, which knows nothing of Vend."""

import tomllib

import boto3

import quirks
import servers

SAMPLES = servers.HERE.parents[1] / "samples"
ACCOUNT = "111122223333"
STACK = "vend"
GROUP = "Platform-Admins"
PERMISSION_SET = "AWSAdministratorAccess"
PORTFOLIO = "Network baseline"


def client(service, url):
    return boto3.client(service, endpoint_url=url)


class LandingZoneAlone:
    """Our landing zone answers everything around the stack; two launches at a time."""

    name = "landing zone"
    in_flight = 2

    def __init__(self, binary, logs):
        self.names = {}
        self._start_zone(binary, logs)
        self.identity = self.zone

    def _start_zone(self, binary, logs):
        description = logs / "landing-zone.toml"
        description.write_text(self.describe(), encoding="utf-8")
        self.zone = servers.landing_zone(binary, description, logs).url
        self.service_catalog = client("servicecatalog", self.zone)
        self.accounts_made = client("organizations", self.zone)

    def describe(self):
        """The sample, in the words of whoever answers for the organization. Nobody may launch
        at the start: the stack has to see to that."""
        caller = quirks.role_arn(ACCOUNT, STACK, "ProvisionRole")
        principals = 'principals = ["vend-provision"]\n'
        text = self.translate((SAMPLES / "landing-zone.toml").read_text(encoding="utf-8"))
        assert principals in text
        return text.replace(principals, f'caller = "{caller}"\nprincipals = []\n')

    def translate(self, text):
        """Puts the ids of this organization in place of the samples'."""
        for ours, theirs in self.names.items():
            text = text.replace(ours, theirs)
        return text

    def list_of(self, name):
        return self.translate((SAMPLES / name).read_text(encoding="utf-8"))

    def endpoints(self):
        """Where the functions ask, beside ministack."""
        return {
            "AWS_ENDPOINT_URL_SERVICE_CATALOG": self.zone,
            "AWS_ENDPOINT_URL_SSO_ADMIN": self.identity,
            "AWS_ENDPOINT_URL_IDENTITYSTORE": self.identity,
            "AWS_ENDPOINT_URL_ORGANIZATIONS": self.identity,
        }

    def identity_center(self):
        """Not named: the functions have to find the organization's instance by themselves,
        beside one of a member account that is named first."""
        return {"IdentityCenterInstanceArn": "", "IdentityStoreId": ""}

    def instance(self):
        """The instance that an assignment has to be in."""
        described = tomllib.loads(self.describe())["identity_center"]
        return described["instance_arn"], described["identity_store"]

    def made(self, event):
        """Account Factory made an account: nothing to pass on, it is all one zone."""

    def accounts(self):
        """The accounts of the landing zone: e-mail and id."""
        pages = self.accounts_made.get_paginator("list_accounts").paginate()
        return [(it["Email"], it["Id"]) for page in pages for it in page["Accounts"]]

    def assigned(self, account):
        """Who has which permission set in the account, by name."""
        instance, store = self.instance()
        admin, directory = client("sso-admin", self.identity), client("identitystore", self.identity)
        found = []
        for permission_set in admin.list_permission_sets(InstanceArn=instance)["PermissionSets"]:
            described = admin.describe_permission_set(
                InstanceArn=instance, PermissionSetArn=permission_set
            )
            listed = admin.list_account_assignments(
                InstanceArn=instance, AccountId=account, PermissionSetArn=permission_set
            )
            for it in listed["AccountAssignments"]:
                if it["PrincipalType"] == "GROUP":
                    group = directory.describe_group(
                        IdentityStoreId=store, GroupId=it["PrincipalId"]
                    )
                    found.append((group["DisplayName"], described["PermissionSet"]["Name"]))
        return found

    def shared(self, account):
        """Whether the portfolio is shared with the account."""
        portfolios = self.service_catalog.list_portfolios()["PortfolioDetails"]
        [portfolio] = [it["Id"] for it in portfolios if it["DisplayName"] == PORTFOLIO]
        shares = self.service_catalog.describe_portfolio_shares(
            PortfolioId=portfolio, Type="ORGANIZATION_MEMBER_ACCOUNT"
        )
        return account in {it["PrincipalId"] for it in shares["PortfolioShareDetails"]}

    def launchers(self):
        """The principals of the Account Factory portfolio."""
        portfolios = self.service_catalog.list_portfolios()["PortfolioDetails"]
        [portfolio] = [it["Id"] for it in portfolios if "Account Factory" in it["DisplayName"]]
        listed = self.service_catalog.list_principals_for_portfolio(PortfolioId=portfolio)
        return [it["PrincipalARN"] for it in listed["Principals"]]


class WithMoto(LandingZoneAlone):
    """moto answers for Identity Center and Organizations, the landing zone for Service
    Catalog alone, in the organization that moto made; one launch at a time."""

    name = "moto"
    in_flight = 1

    def __init__(self, binary, logs):
        self.identity = servers.moto(ACCOUNT, logs).url
        self.organizations = client("organizations", self.identity)
        self.sample = tomllib.loads((SAMPLES / "landing-zone.toml").read_text(encoding="utf-8"))
        self.names = self._organization()
        self._identity_center()
        self._start_zone(binary, logs)

    def _organization(self):
        organization = self.organizations.create_organization(FeatureSet="ALL")["Organization"]
        [root] = self.organizations.list_roots()["Roots"]
        sample = self.sample["organization"]
        names = {sample["id"]: organization["Id"], sample["root"]: root["Id"]}
        # The sample names parents before children.
        for unit in self.sample["organizational_units"]:
            made = self.organizations.create_organizational_unit(
                ParentId=names[unit["parent"]], Name=unit["name"]
            )
            names[unit["id"]] = made["OrganizationalUnit"]["Id"]
        for account in self.sample["accounts"]:
            unit = names[account.get("unit", sample["root"])]
            quirks.bring_account(
                self.organizations, account["id"], account["name"], account["email"], unit
            )
        return names

    def _identity_center(self):
        arn, store = self.instance()
        directory, admin = client("identitystore", self.identity), client("sso-admin", self.identity)
        directory.create_group(IdentityStoreId=store, DisplayName=GROUP)
        quirks.create_permission_set(admin, arn, PERMISSION_SET)

    def instance(self):
        [instance] = client("sso-admin", self.identity).list_instances()["Instances"]
        return instance["InstanceArn"], instance["IdentityStoreId"]

    def identity_center(self):
        """Named, as an admin does who has several."""
        arn, store = self.instance()
        return {"IdentityCenterInstanceArn": arn, "IdentityStoreId": store}

    def made(self, event):
        """The account of a lifecycle event is brought into moto's organization."""
        [status] = event["detail"]["serviceEventDetails"].values()
        account, unit = status["account"], status["organizationalUnit"]["organizationalUnitId"]
        emails = {id: email for email, id in self.accounts()}
        if email := emails.get(account["accountId"]):
            quirks.bring_account(
                self.organizations, account["accountId"], account["accountName"], email, unit
            )
