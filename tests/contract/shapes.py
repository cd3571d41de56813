"""Whether a raw response body follows botocore's model of its operation.

Nothing here forgives: a member the model does not have, a wrong type, a missing
required member, an unknown enum value, a length or a pattern are all faults.
"""

import json
import re
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree
from functools import lru_cache


def response_faults(operation, status, body):
    """All faults of a raw response, each with where it is."""
    if status >= 300:
        return error_faults(operation, status, body)[0]
    if operation.service_model.metadata["protocol"] == "query":
        return query_faults(operation, body)
    document, faults = parsed_json(body)
    return faults or shape_faults(document, operation.output_shape, "$", Json)


def error_faults(operation, status, body):
    """The faults of a raw refusal, and its code."""
    query = operation.service_model.metadata["protocol"] == "query"
    return (query_error if query else json_error)(operation, status, body)


def listed_codes(operation):
    """The error codes that the model lists for an operation."""
    return {shape.error_code for shape in operation.error_shapes}


# The two encodings of one model.


class Json:
    """Values as JSON has them."""

    @staticmethod
    def members(value):
        return value if isinstance(value, dict) else None

    @staticmethod
    def items(value, _shape):
        return value if isinstance(value, list) else None

    @staticmethod
    def entries(value):
        return value if isinstance(value, dict) else None

    @staticmethod
    def scalar(value, kind):
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        fits = {
            "string": isinstance(value, str),
            "boolean": isinstance(value, bool),
            "integer": isinstance(value, int) and is_number,
            "long": isinstance(value, int) and is_number,
            "timestamp": is_number,
            "float": is_number,
            "double": is_number,
        }
        return value if fits.get(kind) else None


class Xml:
    """Values as the query protocol's XML has them, elements without namespace."""

    @staticmethod
    def members(element):
        names = [child.tag for child in element]
        if element.text and element.text.strip() or len(names) != len(set(names)):
            return None
        return {child.tag: child for child in element}

    @staticmethod
    def items(element, shape):
        tag = shape.member.serialization.get("name", "member")
        return list(element) if all(child.tag == tag for child in element) else None

    @staticmethod
    def entries(element):
        pairs = [(entry.findtext("key"), entry.find("value")) for entry in element]
        whole = all(entry.tag == "entry" for entry in element)
        return dict(pairs) if whole and all(None not in pair for pair in pairs) else None

    @staticmethod
    def scalar(element, kind):
        text = element.text or ""
        if len(element):
            return None
        if kind == "boolean":
            return {"true": True, "false": False}.get(text)
        if kind in ("integer", "long"):
            return int(text) if re.fullmatch(r"-?\d+", text) else None
        return text


def shape_faults(value, shape, where, encoding):
    """The faults of one value, and of all within it."""
    if shape is None:
        return [] if value in ({}, None) else [f"{where}: the model has no output"]
    check = {"structure": structure_faults, "list": list_faults, "map": map_faults}
    return check.get(shape.type_name, scalar_faults)(value, shape, where, encoding)


def structure_faults(value, shape, where, encoding):
    if getattr(shape, "is_document_type", False):
        return []
    members = encoding.members(value)
    if members is None:
        return [f"{where}: not a structure: {value!r}"]
    faults = [f"{where}.{name}: the model has no such member" for name in members if name not in shape.members]
    faults += [f"{where}.{name}: required, and missing" for name in shape.required_members if name not in members]
    for name, member in shape.members.items():
        if name in members:
            faults += shape_faults(members[name], member, f"{where}.{name}", encoding)
    return faults


def list_faults(value, shape, where, encoding):
    items = encoding.items(value, shape)
    if items is None:
        return [f"{where}: not a list: {value!r}"]
    faults = length_faults(len(items), shape, where)
    for index, item in enumerate(items):
        faults += shape_faults(item, shape.member, f"{where}[{index}]", encoding)
    return faults


def map_faults(value, shape, where, encoding):
    entries = encoding.entries(value)
    if entries is None:
        return [f"{where}: not a map: {value!r}"]
    faults = length_faults(len(entries), shape, where)
    for key, item in entries.items():
        faults += shape_faults(item, shape.value, f"{where}[{key!r}]", encoding)
    return faults


def scalar_faults(value, shape, where, encoding):
    scalar = encoding.scalar(value, shape.type_name)
    if scalar is None:
        return [f"{where}: not a {shape.type_name}: {value!r}"]
    if shape.type_name != "string":
        return []
    faults = length_faults(len(scalar), shape, where)
    if shape.enum and scalar not in shape.enum:
        faults.append(f"{where}: {scalar!r} is not one of {shape.enum}")
    pattern = shape.metadata.get("pattern")
    if pattern and not compiled(pattern).fullmatch(scalar):
        faults.append(f"{where}: {scalar!r} does not match {pattern}")
    return faults


def length_faults(length, shape, where):
    least, most = shape.metadata.get("min", 0), shape.metadata.get("max", sys.maxsize)
    return [] if least <= length <= most else [f"{where}: {length} is not within {least} to {most}"]


# Patterns: botocore's are Java's, with Unicode categories that `re` lacks.


@lru_cache(maxsize=None)
def compiled(pattern):
    return re.compile(re.sub(r"\\p\{(\w)\}", lambda found: categories()[found[1]], pattern))


@lru_cache(maxsize=None)
def categories():
    """What stands in a character class for each of Unicode's major categories."""
    runs = {}
    for code in range(sys.maxunicode + 1):
        ends = runs.setdefault(unicodedata.category(chr(code))[0], [])
        if ends and ends[-1][1] == code - 1:
            ends[-1][1] = code
        else:
            ends.append([code, code])
    escaped = lambda code: f"\\U{code:08x}"
    return {
        name: "".join(f"{escaped(first)}-{escaped(last)}" for first, last in ends)
        for name, ends in runs.items()
    }


# Documents around the values.


def parsed_json(body):
    try:
        return json.loads(body), []
    except ValueError as error:
        return None, [f"not JSON: {error}"]


def parsed_xml(body, namespace, root):
    """The document without namespaces, if it is in the one it should be in."""
    try:
        document = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        return None, [f"not XML: {error}"]
    if document.tag != f"{{{namespace}}}{root}":
        return None, [f"the document is a {document.tag}, not a {root} of {namespace}"]
    for element in document.iter():
        element.tag = element.tag.split("}", 1)[-1]
    return document, []


def query_faults(operation, body):
    namespace = operation.service_model.metadata["xmlNamespace"]
    document, faults = parsed_xml(body, namespace, f"{operation.name}Response")
    if faults:
        return faults
    children = [child.tag for child in document]
    wrapper = operation.output_shape.serialization["resultWrapper"]
    if children != [wrapper, "ResponseMetadata"]:
        return [f"the document holds {children}"]
    if not document.findtext("ResponseMetadata/RequestId"):
        faults.append("there is no RequestId")
    return faults + shape_faults(document.find(wrapper), operation.output_shape, "$", Xml)


def json_error(operation, status, body):
    document, faults = parsed_json(body)
    if faults:
        return faults, None
    code = document.get("__type")
    shape = {it.error_code: it for it in operation.error_shapes}.get(code)
    members = {name: value for name, value in document.items() if name != "__type"}
    message = members.get("Message") or members.get("message")
    if not isinstance(message, str):
        faults.append("the refusal has no message")
    if shape is not None:
        if not shape.members:
            # Service Catalog's model has no members in its errors; its errors have a message.
            members.pop("Message", None)
        faults += shape_faults(members, shape, "$", Json)
    return faults + status_faults(shape, status), code


def query_error(operation, status, body):
    namespace = operation.service_model.metadata["xmlNamespace"]
    document, faults = parsed_xml(body, namespace, "ErrorResponse")
    if faults:
        return faults, None
    code = document.findtext("Error/Code")
    for path in ("Error/Type", "Error/Code", "Error/Message", "RequestId"):
        if not document.findtext(path):
            faults.append(f"there is no {path}")
    shape = {it.error_code: it for it in operation.error_shapes}.get(code)
    return faults + status_faults(shape, status), code


def status_faults(shape, status):
    modeled = (shape.metadata.get("error", {}) if shape else {}).get("httpStatusCode", 400)
    return [] if status == modeled else [f"HTTP status {status} instead of {modeled}"]
