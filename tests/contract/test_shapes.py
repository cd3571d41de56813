"""That shapes.py finds what is wrong: `python3 -m unittest discover tests/contract`."""

import json
import unittest

import botocore.session

import shapes

SESSION = botocore.session.get_session()


def faults(service, operation, document, status=200):
    model = SESSION.get_service_model(service).operation_model(operation)
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return shapes.response_faults(model, status, body)


def account(**changes):
    return {"Account": {"Id": "111122223333", "State": "ACTIVE", "JoinedTimestamp": 1.5, **changes}}


class Json(unittest.TestCase):
    def check(self, document, said, operation="DescribeAccount", **more):
        found = faults("organizations", operation, document, **more)
        self.assertTrue(any(said in fault for fault in found), found)

    def test_a_correct_answer_has_no_faults(self):
        self.assertEqual(faults("organizations", "DescribeAccount", account()), [])

    def test_unknown_members_are_found_at_any_depth(self):
        self.check(account(Nickname="x"), "$.Account.Nickname: the model has no such member")

    def test_unknown_enum_values_are_found(self):
        self.check(account(State="GONE"), "is not one of")

    def test_patterns_and_lengths_are_kept(self):
        self.check(account(Id="12345"), "does not match")
        self.check(account(Email="a@b.c"), "5 is not within 6 to 64")

    def test_types_are_kept(self):
        self.check(account(JoinedTimestamp="2026-01-01T00:00:00Z"), "not a timestamp")
        self.check(account(JoinedTimestamp=True), "not a timestamp")
        self.check(account(Paths="x"), "not a list")
        self.check({"Account": []}, "not a structure")

    def test_missing_required_members_are_found(self):
        found = faults("identitystore", "GetGroupId", {"IdentityStoreId": "d-1234567890"})
        self.assertIn("$.GroupId: required, and missing", found)

    def test_unicode_categories_are_understood(self):
        name = {"IdentityStoreId": "d-1234567890", "Revision": "1"}
        name["GroupId"] = "a1b2c3d4-0001-4000-8000-000000000001"
        name["GroupArn"] = "arn:aws:identitystore:::group/" + name["GroupId"]
        self.assertEqual(faults("identitystore", "DescribeGroup", {**name, "DisplayName": "Zwölf Köche"}), [])
        found = faults("identitystore", "DescribeGroup", {**name, "DisplayName": "a\u0007b"})
        self.assertIn("does not match", found[0])

    def test_a_refusal_has_its_models_members(self):
        refusal = {"__type": "AccountNotFoundException", "message": "x"}
        self.check(refusal, "$.message: the model has no such member", status=400)
        self.check({"__type": "AccountNotFoundException"}, "no message", status=400)


class Query(unittest.TestCase):
    XML = (
        b'<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>'
        b"<MessageId>x</MessageId></PublishResult><ResponseMetadata><RequestId>x</RequestId>"
        b"</ResponseMetadata></PublishResponse>"
    )

    def test_a_correct_answer_has_no_faults(self):
        self.assertEqual(faults("sns", "Publish", self.XML), [])

    def test_namespace_wrapper_and_members_are_checked(self):
        for wrong in (
            self.XML.replace(b"2010-03-31", b"2011-03-31"),
            self.XML.replace(b"PublishResult>", b"Result>"),
            self.XML.replace(b"MessageId", b"Id"),
            self.XML[:-1],
        ):
            self.assertTrue(faults("sns", "Publish", wrong), wrong)


if __name__ == "__main__":
    unittest.main()
