// SPDX-License-Identifier: EUPL-1.2
#include "tests/unit/sync/backend/people.hpp"

#include <chrono>

#include "drivers/base/check.hpp"
#include "sync/model/access_request.hpp"
#include "sync/model/declaration_json.hpp"
#include "sync/model/times.hpp"
#include "sync/seal/jwe.hpp"
#include "sync/seal/scope_tags.hpp"

namespace test {
namespace {

base::Bytes pseudonym(const Human& human) {
    return base::Bytes(32, human.number);
}

std::vector<model::AuthorityId> ids(const Story::Ids& texts) {
    std::vector<model::AuthorityId> out;
    for (const std::string& text : texts) out.emplace_back(text);
    return out;
}

}  // namespace

base::Uuid Story::next_id() {
    std::array<std::uint8_t, 10> random{};
    parts_.random.fill(random);
    return base::make_uuid7(parts_.now_ms, random);
}

model::Declaration Story::blank(const Human& human) {
    model::Declaration declaration;
    declaration.id = next_id();
    declaration.subject = model::SubjectRef{model::SubjectKind::pseudonym, pseudonym(human)};
    declaration.person = model::Person{human.family_name, human.given_names, human.birth_date};
    declaration.presentation.language = "de";
    declaration.presentation.contrast = "light";
    declaration.presentation.review_shown = true;
    declaration.place = {parts_.terminal.id, "Musterstadt"};
    declaration.time = {parts_.now_ms, parts_.now_ms, model::TimeQuality::wall};
    return declaration;
}

model::Declaration Story::consent(const Human& human, const std::string& entry, const Ids& sources,
                                  const Ids& recipients, int days) {
    model::Declaration declaration = blank(human);
    declaration.entry = model::EntryRef{model::EntryId(entry), "1.0", "1.0.0", {}};
    const model::Date today = model::day_of(parts_.now_ms);
    const model::Date last(std::chrono::sys_days(today) + std::chrono::days(days));
    declaration.selection =
        model::Selection{ids(sources), ids(recipients), {"C07", "C08"}, {}, today, last};
    return declaration;
}

void Story::append(const model::Declaration& declaration, std::uint64_t observed,
                   const model::Declaration* scopes_of_other) {
    const auto json = model::encode(declaration);
    CHECK(json.has_value());
    const auto jwe =
        seal::seal_jwe(base::as_bytes(*json), {"views", parts_.views_key}, parts_.random);
    CHECK(jwe.has_value());
    Draft draft;
    draft.kind = model::kind_of(declaration);
    draft.scopes = seal::scopes_of(scopes_of_other != nullptr ? *scopes_of_other : declaration);
    draft.observed = observed;
    draft.jwe = *jwe;
    draft.wall_ms = parts_.now_ms;
    count_ = parts_.terminal.append(draft);
}

base::Uuid Story::give(const Human& human, const std::string& entry, const Ids& sources,
                       const Ids& recipients, int days, std::uint64_t observed) {
    const model::Declaration declaration = consent(human, entry, sources, recipients, days);
    append(declaration, observed);
    return declaration.id;
}

base::Uuid Story::object(const Human& human, const std::string& entry, const Ids& sources,
                         const Ids& recipients) {
    model::Declaration declaration = consent(human, entry, sources, recipients, 180);
    declaration.act_type = model::ActType::objection;
    append(declaration, 0);
    return declaration.id;
}

model::Declaration Story::access_request(const Human& human, const Ids& authorities) {
    model::Declaration declaration =
        consent(human, std::string(model::access_request_entry), {}, authorities, 0);
    declaration.act_type = model::ActType::notice;
    declaration.selection->categories.clear();
    declaration.selection->to.reset();
    return declaration;
}

base::Uuid Story::ask_access(const Human& human, const Ids& authorities) {
    const model::Declaration declaration = access_request(human, authorities);
    append(declaration, 0);
    return declaration.id;
}

base::Uuid Story::take_back(const Human& human, const base::Uuid& target) {
    model::Declaration declaration = blank(human);
    declaration.event = model::Event::withdrawn;
    declaration.targets = {model::TargetDeclaration{target}};
    append(declaration, 0);
    return declaration.id;
}

base::Uuid Story::take_back_from(const Human& human, const std::string& recipient) {
    model::Declaration declaration = blank(human);
    declaration.event = model::Event::withdrawn;
    declaration.targets = {model::TargetRecipient{model::AuthorityId(recipient)}};
    append(declaration, 0);
    return declaration.id;
}

base::Uuid Story::end_objection(const Human& human, const base::Uuid& objection) {
    model::Declaration declaration = blank(human);
    declaration.act_type = model::ActType::objection;
    declaration.event = model::Event::withdrawn;
    declaration.targets = {model::TargetDeclaration{objection}};
    append(declaration, 0);
    return declaration.id;
}

base::Uuid Story::note(const Human& human, const std::string& entry, const std::string& recipient) {
    model::Declaration declaration = blank(human);
    declaration.event = model::Event::withdrawn;
    declaration.assurance = {model::Method::provisional, model::Level::none, 0};
    declaration.targets = {
        model::TargetEntryRecipient{model::EntryId(entry), model::AuthorityId(recipient)}};
    append(declaration, 0);
    return declaration.id;
}

model::Digest subject_tag(const Human& human) {
    return seal::tag_subject(seal::subject_key(pseudonym(human)));
}

}  // namespace test
