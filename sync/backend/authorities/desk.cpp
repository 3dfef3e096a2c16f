// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/authorities/desk.hpp"

#include <algorithm>

#include "drivers/base/check.hpp"
#include "drivers/base/encoding.hpp"
#include "drivers/base/log.hpp"
#include "sync/backend/authorities/content.hpp"
#include "sync/backend/authorities/german_day.hpp"
#include "sync/backend/authorities/outgoing.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/backend/store/retry.hpp"
#include "sync/model/access_request.hpp"
#include "sync/model/json.hpp"
#include "sync/model/times.hpp"

namespace backend {
namespace {

constexpr Statement find_assignment{
    "SELECT file_number FROM assignment WHERE authority = $1 AND handle = $2"};
constexpr Statement add_assignment{
    "INSERT INTO assignment (authority, handle, file_number, assigned_ms) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (authority, handle) DO NOTHING"};

constexpr std::size_t handle_shown_bytes = 4;

std::string named(const Directory& directory, std::string_view id) {
    return model::JsonWriter().text("id", id).text("name", directory.name_of(id)).done();
}

std::string_view effect_word(Effect effect) {
    return effect == Effect::none       ? "alive"
           : effect == Effect::suspends ? "suspended"
                                        : "withdrawn";
}

std::string nullable(const std::optional<std::string>& text) {
    return text ? model::json_quote(*text) : "null";
}

std::string settled_json(const base::Uuid& declaration, const CaseStatus& status) {
    model::JsonWriter json;
    json.text("declaration", base::to_text(declaration))
        .text("state", status.state)
        .text("at", model::to_rfc3339(status.at_ms));
    if (!status.reason.empty()) json.text("reason", status.reason);
    return json.done();
}

}  // namespace

std::string Desk::today() const {
    return german_day(parts_.clock.wall_ms());
}

base::Result<Desk::InboxPage> Desk::begin_inbox(std::string_view authority,
                                                std::uint64_t from) const {
    InboxPage page{std::string(authority), from, 0, {}, {}, {}};
    TRY(cases, list_cases(parts_.store, authority, today(), from));
    TRY(ambiguous, ambiguous_keys(parts_.store, authority));
    TRY(total, count_cases(parts_.store, authority));
    page.cases = std::move(cases);
    page.ambiguous = std::move(ambiguous);
    page.total = total;
    return page;
}

base::Result<void> Desk::open_items(InboxPage& page, std::size_t count) const {
    for (std::size_t i = 0; i < count && !page.done(); ++i) {
        const Case& item = page.cases[page.items.size()];
        const bool twin = std::ranges::count(page.ambiguous, item.match_key) > 0;
        TRY(json, item_json(item, twin));
        page.items.push_back(std::move(json));
    }
    return {};
}

std::string Desk::json_of(const InboxPage& page) const {
    CHECK(page.done());
    std::vector<std::string> entries;
    for (const auto& [id, title] : parts_.directory.entries()) {
        entries.push_back(model::JsonWriter().text("id", id).text("title", title).done());
    }
    const auto& cases = page.cases;
    const auto alarms = std::ranges::count_if(cases, [](const Case& item) { return item.alarm(); });
    const auto overdue =
        std::ranges::count_if(cases, [](const Case& item) { return item.overdue; });
    const std::uint64_t end = page.from + cases.size();
    model::JsonWriter json;
    json.raw("authority", named(parts_.directory, page.authority))
        .number("alarms", static_cast<std::uint64_t>(alarms))
        .number("overdue", static_cast<std::uint64_t>(overdue))
        .number("total", page.total)
        .raw("entries", model::json_array(entries))
        .raw("items", model::json_array(page.items));
    if (end < page.total && !cases.empty()) json.number("next", end);
    return json.done();
}

base::Result<std::optional<std::string>> Desk::item(std::string_view authority,
                                                    const base::Uuid& declaration) const {
    TRY(found, find_case(parts_.store, authority, declaration, today()));
    if (!found) return std::optional<std::string>{};
    TRY(ambiguous, ambiguous_keys(parts_.store, authority));
    TRY(json, item_json(*found, std::ranges::count(ambiguous, found->match_key) > 0));
    return std::optional<std::string>{std::move(json)};
}

base::Result<std::string> Desk::item_json(const Case& item, bool ambiguous) const {
    TRY(content, opened(item));
    std::vector<std::string> recipients;
    for (const CasePart& part : item.parts) {
        recipients.push_back(model::JsonWriter()
                                 .text("id", part.recipient)
                                 .text("name", parts_.directory.name_of(part.recipient))
                                 .text("state", effect_word(part.effect))
                                 .done());
    }
    std::optional<std::string> ended;
    if (!item.endings.empty()) ended = model::to_rfc3339(item.endings.front().wall_ms);
    std::string status = "null";
    if (item.status && item.status->state != "received") {
        status = model::JsonWriter()
                     .text("state", item.status->state)
                     .text("at", model::to_rfc3339(item.status->at_ms))
                     .text("reason", item.status->reason)
                     .done();
    }
    const std::string_view role =
        item.is_source ? (item.is_recipient ? "both" : "source") : "recipient";
    model::JsonWriter json;
    json.text("declaration", base::to_text(item.declaration))
        .raw("entry", model::JsonWriter()
                          .text("id", item.entry)
                          .text("title", parts_.directory.title_of(item.entry))
                          .done())
        .text("act_type", item.act_type)
        .text("role", role)
        .text("state", word(item.state))
        .text("from", item.from)
        .text("usable_until", item.to)
        .text("received_at", model::to_rfc3339(item.received_ms))
        .raw("withdrawn_at", nullable(ended))
        .raw("file_number", nullable(item.file_number))
        .boolean("alarm", item.alarm())
        .boolean("ambiguous", ambiguous)
        .text("twin", ambiguous ? base::to_hex(base::ByteView(item.match_key).first(8)) : "")
        .text("handle", base::to_hex(base::ByteView(item.handle).first(handle_shown_bytes)))
        .raw("recipients", model::json_array(recipients))
        .raw("status", status);
    const auto asked = model::parse_date(item.from);
    if (item.state == CaseState::access_request && asked)
        json.text("answer_by", model::to_text(model::answer_day(*asked)))
            .boolean("overdue", item.overdue);
    json.raw("person", content.person).raw("sources", content.sources);
    return json.done();
}

base::Result<Desk::Opened> Desk::opened(const Case& item) const {
    Opened opened;
    TRY(rows, content_of(parts_.store, item.place, item.leaf));
    if (rows.empty()) return opened;
    const auto declaration = parts_.opener.open(rows[0].text(0));
    if (!declaration) {
        // The row is shown without a name: a declaration that cannot be read must not vanish.
        base::log_error(declaration.error());
        return opened;
    }
    if (declaration->person) {
        opened.person = model::JsonWriter()
                            .text("family_name", declaration->person->family_name)
                            .text("given_names", declaration->person->given_names)
                            .text("birth_date", declaration->person->birth_date)
                            .done();
    }
    if (declaration->selection) {
        std::vector<std::string> sources;
        for (const auto& id : declaration->selection->sources) {
            sources.push_back(named(parts_.directory, id.get()));
        }
        opened.sources = model::json_array(sources);
    }
    return opened;
}

base::Result<AssignmentVerdict> Desk::assign(std::string_view authority,
                                             const base::Uuid& declaration,
                                             std::string_view file_number) {
    TRY(item, find_case(parts_.store, authority, declaration, today()));
    if (!item) return AssignmentVerdict::not_found;
    const std::int64_t now_ms = column_of(parts_.clock.wall_ms());
    return with_retries([&]() -> base::Result<AssignmentVerdict> {
        TRY(transaction, Transaction::begin(parts_.store));
        TRY_VOID(parts_.store.run(add_assignment, {authority, item->handle, file_number, now_ms}));
        TRY(rows, parts_.store.run(find_assignment, {authority, item->handle}));
        TRY_VOID(transaction.commit());
        const bool same = rows.size() == 1 && rows[0].text(0) == file_number;
        return same ? AssignmentVerdict::assigned : AssignmentVerdict::taken;
    });
}

base::Result<std::string> Desk::usable(std::string_view authority, const Question& question) const {
    TRY(cases, cases_of_file(parts_.store, authority, question.file_number, today()));
    const std::string recipient =
        question.recipient.empty() ? std::string(authority) : question.recipient;
    const Case* best = nullptr;
    for (const Case& item : cases) {
        const bool role = question.recipient.empty() ? item.is_recipient : item.is_source;
        const bool alive = std::ranges::any_of(item.parts, [&](const CasePart& part) {
            return part.recipient == recipient && part.effect == Effect::none;
        });
        if (!role || !alive || item.entry != question.entry || item.state != CaseState::usable)
            continue;
        if (best == nullptr || best->to < item.to) best = &item;
    }
    if (best == nullptr) return model::JsonWriter().boolean("may_use", false).done();
    TRY(proof, proof_of(*best));
    return model::JsonWriter()
        .boolean("may_use", true)
        .text("until", best->to)
        .text("declaration", base::to_text(best->declaration))
        .text("proof", proof)
        .done();
}

base::Result<std::string> Desk::proof_of(const Case& item) const {
    TRY(rows, content_of(parts_.store, item.place, item.leaf));
    // It may be on its way from one table to another, or just have been erased.
    if (rows.empty()) return base::fail(base::Errc::busy, "usable.proof");
    TRY(head, read_log_head(parts_.store));
    const LoggedRecord record{rows[0].count(2), item.leaf, rows[0].bytes(1), item.log_index};
    return parts_.issuer.received(item.place, receipts::Lane::chain, {record}, head.size);
}

bool Desk::is_reason(receipts::AppliedState state, std::string_view reason) {
    if (reason.empty()) return true;
    using receipts::AppliedState;
    // The success of the help would be at risk (§ 64 Abs. 2 SGB VIII), it was entrusted (§ 65), or
    // the law forbids to say why (LR-42).
    constexpr std::string_view withheld[] = {"service_at_risk", "entrusted", "undisclosed"};
    constexpr std::string_view not_usable[] = {"person_unknown", "note_unfounded", "technical"};
    if (state == AppliedState::withheld_by_source) return std::ranges::count(withheld, reason) > 0;
    return state == AppliedState::not_usable && std::ranges::count(not_usable, reason) > 0;
}

base::Result<Desk::Settled> Desk::settle(std::string_view authority, const base::Uuid& declaration,
                                         const Settlement& settlement) {
    const std::uint64_t now_ms = parts_.clock.wall_ms();
    const model::AuthorityId self{std::string(authority)};
    // What is said and what is answered are about one reading of the case: another instance may
    // take a withdrawal at any moment, and one that comes in between is answered for next time.
    const auto record = [&]() -> base::Result<Settled> {
        TRY(transaction, Transaction::begin(parts_.store));
        TRY(item, find_case(parts_.store, authority, declaration, today()));
        if (!item) return Settled{SettleRefusal::not_found, {}};
        if (settlement.state == receipts::AppliedState::withheld_by_source && !item->is_source) {
            return Settled{SettleRefusal::not_source, {}};
        }
        const auto say = [&](const base::Uuid& terminal, const base::Uuid& about) {
            return add_status(parts_.store, parts_.issuer, terminal,
                              {about, self, settlement.state, now_ms, settlement.reason});
        };
        if (item->endings.empty() || item->state == CaseState::usable) {
            TRY_VOID(say(item->place.terminal, item->declaration));
        } else {
            for (const Ending& ending : item->endings) {
                TRY_VOID(say(ending.terminal, ending.declaration));
            }
        }
        TRY(stands, status_of_case(parts_.store, authority, *item));
        TRY_VOID(transaction.commit());
        const CaseStatus said{std::string(receipts::word(settlement.state)), now_ms,
                              settlement.reason};
        return Settled{{}, settled_json(declaration, stands.value_or(said))};
    };
    TRY(settled, with_retries(record));
    if (!settled.refusal) base::log(base::LogEvent::declaration_applied);
    return std::move(settled);
}

}  // namespace backend
