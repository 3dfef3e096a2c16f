// SPDX-License-Identifier: EUPL-1.2
// Declarations: exact bytes, both ways, and the rules that need no catalogue.
#include "sync/model/declaration.hpp"

#include <doctest/doctest.h>

#include "drivers/base/limits.hpp"
#include "sync/model/access_request.hpp"
#include "sync/model/declaration_json.hpp"
#include "sync/model/json.hpp"

using model::AuthorityId;
using model::Declaration;

namespace {

constexpr std::uint64_t wall_ms = 1'764'000'000'250;  // 2025-11-24T16:00:00.250Z

Declaration grant() {
    Declaration d;
    d.id = base::Uuid({1, 2, 3});
    d.entry = model::EntryRef{model::EntryId("JBA-01"), "1.0", "2.3.4", {9}};
    d.subject = model::SubjectRef{model::SubjectKind::pseudonym, base::Bytes(32, 7)};
    d.person = model::Person{"Müller \"M\"", "", "1984-07-01"};
    model::Selection selection;
    selection.sources = {AuthorityId("jugendamt")};
    selection.recipients = {AuthorityId("jobcenter"), AuthorityId("agentur")};
    selection.categories = {"C07"};
    selection.from = std::chrono::year(2025) / 11 / 24;
    selection.to = std::chrono::year(2026) / 11 / 24;
    d.selection = selection;
    d.presentation = {"de", model::TextVariant::leicht, {5}, 160, "dark", true, false};
    d.assurance = {model::Method::eid_pin, model::Level::hoch, 20};
    d.place = {base::Uuid({4}), "JBA Köln"};
    d.time = {wall_ms, 1'763'999'000'000, model::TimeQuality::wall};
    d.slip_hash = model::Digest{8};
    return d;
}

Declaration withdrawal() {
    Declaration d = grant();
    d.event = model::Event::withdrawn;
    d.entry.reset();
    d.selection.reset();
    d.slip_hash.reset();
    d.targets = {model::TargetDeclaration{base::Uuid({6})}, model::TargetSubject{},
                 model::TargetRecipient{AuthorityId("jobcenter")},
                 model::TargetEntryRecipient{model::EntryId("JBA-02"), AuthorityId("agentur")}};
    return d;
}

Declaration take_back() {
    Declaration d = withdrawal();
    d.targets.resize(1);
    d.subject.reset();
    d.person.reset();
    d.assurance = {model::Method::receipt_code, model::Level::none, 0};
    d.slip_hash = model::Digest{8};
    return d;
}

bool valid(const Declaration& d) {
    return model::validate(d).has_value();
}

}  // namespace

TEST_CASE("declaration: the bytes of a grant are fixed") {
    const auto text = model::encode(grant());
    REQUIRE(text.has_value());
    const std::string zeros(39, 'A');
    CHECK(
        *text ==
        "{\"schema\":\"freigabe-declaration-1\",\"id\":\"01020300-0000-0000-0000-000000000000\","
        "\"act_type\":\"consent\",\"event\":\"given\",\"entry\":{\"id\":\"JBA-01\",\"version\":\"1."
        "0\","
        "\"catalogue_version\":\"2.3.4\",\"catalogue_hash\":\"CQAA" +
            zeros +
            "\"},"
            "\"targets\":[],\"subject\":{\"kind\":\"pseudonym\","
            "\"value\":\"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc\"},"
            "\"person\":{\"family_name\":\"Müller \\\"M\\\"\",\"given_names\":\"\","
            "\"birth_date\":\"1984-07-01\"},\"declarant_role\":\"data_subject\","
            "\"selection\":{\"sources\":[\"jugendamt\"],\"recipients\":[\"jobcenter\",\"agentur\"],"
            "\"categories\":[\"C07\"],\"topics\":[],\"from\":\"2025-11-24\",\"to\":\"2026-11-24\"},"
            "\"presentation\":{\"language\":\"de\",\"variant\":\"leicht\",\"text_hash\":\"BQAA" +
            zeros +
            "\",\"text_percent\":160,\"contrast\":\"dark\",\"review_shown\":true,\"draft\":false},"
            "\"assurance\":{\"method\":\"eid_pin\",\"level\":\"hoch\",\"certificate_age_h\":20},"
            "\"place\":{\"terminal\":\"04000000-0000-0000-0000-000000000000\",\"site\":\"JBA "
            "Köln\"},"
            "\"time\":{\"wall\":\"2025-11-24T16:00:00.250Z\",\"floor_ms\":1763999000000,"
            "\"quality\":\"wall\"},\"slip_hash\":\"CAAA" +
            zeros + "\"}");
}

TEST_CASE("declaration: what is written is read back, whatever its kind") {
    Declaration resumed = grant();
    resumed.resumes = base::Uuid({6});
    Declaration objection = grant();
    objection.act_type = model::ActType::objection;
    objection.selection->to.reset();
    objection.selection->sources.clear();
    objection.targets = {model::TargetSubject{}};
    Declaration notice = grant();
    notice.act_type = model::ActType::notice;
    notice.selection->recipients.clear();
    for (const Declaration& d : {grant(), withdrawal(), take_back(), resumed, objection, notice}) {
        const auto text = model::encode(d);
        REQUIRE(text.has_value());
        const auto read = model::parse_declaration(*text);
        REQUIRE(read.has_value());
        CHECK(*read == d);
        CHECK(*model::encode(*read) == *text);
    }
}

TEST_CASE("declaration: one purpose, named parties, an end, no back-dating (LR-02, LR-06, LR-20)") {
    CHECK(valid(grant()));
    const auto broken = [](auto change) {
        Declaration d = grant();
        change(d);
        return !valid(d);
    };
    CHECK(broken([](auto& d) { d.entry.reset(); }));
    CHECK(broken([](auto& d) { d.subject.reset(); }));
    CHECK(broken([](auto& d) { d.person.reset(); }));
    CHECK(broken([](auto& d) { d.selection.reset(); }));
    CHECK(broken([](auto& d) { d.selection->recipients.clear(); }));
    CHECK(broken([](auto& d) { d.selection->sources.clear(); }));
    CHECK(broken([](auto& d) { d.selection->categories.clear(); }));
    CHECK(broken([](auto& d) { d.selection->categories = {"*"}; }));
    CHECK(broken([](auto& d) { d.selection->recipients = {AuthorityId("*")}; }));
    CHECK(broken([](auto& d) { d.selection->recipients.push_back(AuthorityId("agentur")); }));
    CHECK(broken([](auto& d) { d.selection->to.reset(); }));
    CHECK(broken([](auto& d) { d.selection->to = std::chrono::year(2025) / 11 / 23; }));
    CHECK(broken([](auto& d) { d.selection->from = std::chrono::year(2025) / 11 / 23; }));
    CHECK(broken([](auto& d) { d.selection->from = std::chrono::year(2025) / 2 / 30; }));
    CHECK(broken([](auto& d) { d.presentation.review_shown = false; }));
    CHECK(broken([](auto& d) { d.targets = {model::TargetSubject{}}; }));
    CHECK(broken([](auto& d) { d.assurance.method = model::Method::provisional; }));
    CHECK(broken([](auto& d) { d.assurance.method = model::Method::receipt_code; }));
    CHECK(broken([](auto& d) { d.person->family_name.clear(); }));
    CHECK(broken([](auto& d) { d.person->birth_date = "1984"; }));
    CHECK(broken([](auto& d) { d.subject->value.resize(15); }));
    CHECK(broken([](auto& d) { d.presentation.language = "d"; }));
    CHECK(broken([](auto& d) { d.presentation.text_percent = 401; }));
    CHECK(broken([](auto& d) { d.place.site = "a\nb"; }));
    // The floor judges a capture whose wall clock is known to be wrong.
    CHECK(broken([](auto& d) { d.time = {0, wall_ms + 86'400'000, model::TimeQuality::floor}; }));
}

TEST_CASE("declaration: a request for access asks somebody and grants nothing (LR-41)") {
    const auto request = [] {
        Declaration d = grant();
        d.act_type = model::ActType::notice;
        d.entry->id = model::EntryId(std::string(model::access_request_entry));
        d.selection->sources.clear();
        d.selection->categories.clear();
        d.selection->topics.clear();
        d.selection->to.reset();
        return d;
    };
    CHECK(valid(request()));
    const auto broken = [&](auto change) {
        Declaration d = request();
        change(d);
        return !valid(d);
    };
    CHECK(broken([](auto& d) { d.selection->recipients.clear(); }));
    CHECK(broken([](auto& d) { d.selection->sources = {AuthorityId("amt")}; }));
    CHECK(broken([](auto& d) { d.selection->categories = {"C01"}; }));
    CHECK(broken([](auto& d) { d.selection->topics = {"t"}; }));
    CHECK(broken([](auto& d) { d.selection->to = d.selection->from; }));
    CHECK(broken([](auto& d) { d.person.reset(); }));
    CHECK(broken([](auto& d) { d.event = model::Event::withdrawn; }));
    // Its entry is reserved: nothing else may hide behind it.
    for (const auto act : {model::ActType::consent, model::ActType::objection})
        CHECK(broken([&](auto& d) { d.act_type = act; }));
}

TEST_CASE("declaration: bounds of lists") {
    Declaration d = grant();
    d.selection->recipients.clear();
    for (std::size_t i = 0; i < limits::recipients_max; ++i) {
        d.selection->recipients.emplace_back("r" + std::to_string(i));
    }
    CHECK(valid(d));
    d.selection->recipients.emplace_back("one-more");
    CHECK_FALSE(valid(d));
    Declaration w = withdrawal();
    w.targets.assign(limits::targets_max, model::TargetSubject{});
    CHECK(valid(w));
    w.targets.emplace_back(model::TargetSubject{});
    CHECK_FALSE(valid(w));
}

TEST_CASE("declaration: a withdrawal needs a target and nothing that a slip cannot know") {
    CHECK(valid(withdrawal()));
    CHECK(valid(take_back()));
    Declaration d = withdrawal();
    d.targets.clear();
    CHECK_FALSE(valid(d));
    d = take_back();
    d.targets = {model::TargetSubject{}};
    CHECK_FALSE(valid(d));
    d = take_back();
    d.slip_hash.reset();
    CHECK_FALSE(valid(d));
    d = take_back();
    d.person = model::Person{"X", "", "1984-07-01"};
    CHECK_FALSE(valid(d));
    d = withdrawal();
    d.act_type = model::ActType::notice;
    CHECK_FALSE(valid(d));
}

TEST_CASE("declaration: foreign, missing and doubled members are refused") {
    const std::string text = *model::encode(grant());
    const auto refused = [&](std::string_view part, std::string_view other) {
        std::string changed = text;
        const std::size_t at = changed.find(part);
        REQUIRE(at != std::string::npos);
        changed.replace(at, part.size(), other);
        const auto read = model::parse_declaration(changed);
        return !read.has_value() && read.error().code == base::Errc::declaration_bad;
    };
    CHECK(refused("declaration-1", "declaration-2"));
    CHECK(refused("\"targets\":[],", ""));
    CHECK(refused("\"targets\":[]", "\"targets\":[],\"targets\":[]"));
    CHECK(refused("\"targets\":[]", "\"targets\":[{}]"));
    CHECK(refused("\"targets\":[]", "\"targets\":[{\"subject\":false}]"));
    CHECK(refused("\"targets\":[]", "\"targets\":[],\"more\":1"));
    CHECK(refused("\"consent\"", "\"consents\""));
    CHECK(refused("\"given\"", "\"declined\""));
    CHECK(refused("\"hoch\"", "1"));
    CHECK(refused("\"text_percent\":160", "\"text_percent\":-160"));
    CHECK(refused("\"draft\":false", "\"draft\":0"));
    CHECK(refused("2025-11-24T16:00:00.250Z", "2025-11-24T16:00:00.25Z"));
    CHECK(refused("01020300-0000", "01020300x0000"));
    CHECK(refused("\"to\":\"2026-11-24\"", "\"to\":null"));
    CHECK_FALSE(model::parse_declaration("").has_value());
    CHECK_FALSE(model::parse_declaration(text + " " + std::string(20'000, ' ')).has_value());
    for (std::size_t size = 0; size < text.size(); size += 7) {
        CHECK_FALSE(model::parse_declaration(std::string_view(text).substr(0, size)).has_value());
    }
}
