# SPDX-License-Identifier: MIT
"""A kernel log, posted: as the body, as a form's field, in every format, up to
8 MiB and no further."""
import pytest

from client import ACCEPT, TYPE

KILL = ("[  1.5] x invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, "
        "oom_score_adj=0\n"
        "[  1.6] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,"
        "mems_allowed=0,oom_memcg=/a,task_memcg=/a/<b>,task=a,pid=5,uid=0\n"
        "[  1.7] Memory cgroup out of memory: Killed process 5 (a<script>) "
        "total-vm:4096kB, anon-rss:2048kB, file-rss:0kB, shmem-rss:0kB, UID:7 "
        "pgtables:4kB oom_score_adj:9\n")
LIMIT = 8 << 20
FORM = ('--{mark}\r\nContent-Disposition: form-data; name="other"\r\n\r\nx\r\n'
        '--{mark}\r\nContent-Disposition: form-data; name="log"; '
        'filename="kern.log"\r\nContent-Type: text/plain\r\n\r\n{log}\r\n'
        '--{mark}--\r\n')


def post(lab, body, form="json", media="text/plain"):
    return lab.ask("/explain", "POST", {
        "Accept": ACCEPT[form], "Content-Type": media},
        body.encode() if isinstance(body, str) else body)


def multipart(log, mark="----b0undary"):
    return FORM.format(mark=mark, log=log), \
        f"multipart/form-data; boundary={mark}"


@pytest.mark.parametrize("form", ACCEPT)
def test_a_kill_is_told_in_every_format(lab, form):
    answer = post(lab, KILL, form)
    assert (answer.status, answer.type) == (200, TYPE[form])
    for fact in ("a&lt;script&gt;" if form == "html" else "a<script>", "5",
                 "/a"):
        assert fact in answer.text
    assert "<script>" not in answer.text or form != "html"


def test_the_json_is_the_contracts(lab):
    told = post(lab, KILL).json
    assert told["incomplete_reports"] == [] and told["no_killable"] == 0
    assert told["kernel"] is None
    kill, = told["kills"]
    assert (kill["victim_comm"], kill["victim_pid"], kill["victim_uid"],
            kill["victim_oom_score_adj"]) == ("a<script>", 5, 7, 9)
    assert (kill["scope"], kill["oom_memcg"], kill["task_memcg"]) == \
        ("memcg", "/a", "/a/<b>")
    assert (kill["invoker_comm"], kill["invoker_pid"], kill["gfp_mask"],
            kill["order"]) == ("x", None, "0xcc0", 0)
    assert (kill["total_vm_kb"], kill["tasks_listed"], kill["group_kill"],
            kill["reaped"]) == (4096, None, False, False)


def test_a_form_is_the_same_as_the_body(lab):
    body, media = multipart(KILL)
    assert post(lab, body, media=media).json == post(lab, KILL).json


@pytest.mark.parametrize("media", [
    "application/x-www-form-urlencoded", "application/json",
    "application/octet-stream"])
def test_the_type_of_a_body_does_not_matter(lab, media):
    assert len(post(lab, KILL, media=media).json["kills"]) == 1


def test_what_is_no_oom_is_no_kill(lab):
    for body in ("", "nothing\n", b"\0\xff\xfe" * 1000):
        told = post(lab, body).json
        assert told["kills"] == [] and told["incomplete_reports"] == []


def test_a_form_without_its_field_or_end_is_refused(lab):
    body, media = multipart(KILL)
    for wrong in (body.replace('name="log"', 'name="lag"'),
                  body[:len(body) // 2], ""):
        answer = post(lab, wrong, media=media)
        assert answer.status == 400
        assert answer.json["parameter"] == "body"


def test_up_to_8_mib_are_read(lab):
    body = "\n" * (LIMIT - len(KILL)) + KILL
    assert len(post(lab, body).json["kills"]) == 1
    for form in ACCEPT:
        assert post(lab, body + "x", form).status == 413


def test_an_answer_does_not_grow_without_bound(lab):
    told = post(lab, KILL * 9000).json
    assert len(told["kills"]) == 64
    assert told["left_out"] == 9000 - 64


@pytest.mark.parametrize("form", ACCEPT)
def test_a_page_to_paste_into(lab, form):
    answer = lab.ask("/explain", headers={"Accept": ACCEPT[form]})
    assert (answer.status, answer.type) == (200, TYPE[form])
    assert ("<textarea" in answer.text) == (form == "html")
    assert lab.ask("/explain", "HEAD").status == 200


def test_other_methods_and_parameters_are_refused(lab):
    answer = lab.ask("/explain", "DELETE")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert lab.ask("/explain?size=1M").status == 400
