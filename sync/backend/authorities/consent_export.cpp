// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/authorities/consent_export.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/base/limits_portal.hpp"
#include "drivers/base/log.hpp"
#include "sync/backend/authorities/content.hpp"
#include "sync/backend/authorities/german_day.hpp"
#include "sync/backend/ingest/rule.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/model/declaration_json.hpp"
#include "sync/model/json.hpp"
#include "sync/model/times.hpp"
#include "sync/seal/scope_tags.hpp"

namespace backend {
namespace {

using model::JsonWriter;

constexpr Statement find_given{
    "SELECT DISTINCT p.leaf, p.terminal, p.epoch, p.seq, l.log_index FROM part p"
    " JOIN log_entry l ON l.terminal = p.terminal AND l.epoch = p.epoch AND l.seq = p.seq"
    " AND l.leaf = p.leaf WHERE p.tag_s = $1 ORDER BY l.log_index DESC LIMIT $2"};
constexpr Statement find_recipients{
    "SELECT p.part_no, (SELECT MIN(v.recipient) FROM view_part v WHERE v.leaf = p.leaf"
    "  AND v.part_no = p.part_no) FROM part p WHERE p.leaf = $1"};
constexpr Statement find_effects{
    "SELECT c.leaf, e.part_no, e.strength, c.kind, c.terminal, c.wall_ms FROM effect e"
    " JOIN act c ON c.leaf = e.act_leaf AND c.target_no = 0 WHERE e.part_leaf = $1"
    " ORDER BY c.wall_ms, c.leaf, e.part_no LIMIT $2"};

/// One event of a record. `recipients` are those whom it concerns.
struct Happened {
    std::uint64_t at_ms = 0;
    std::string entity;
    std::string_view type;
    std::string_view state;
    std::set<std::string> recipients;
};
struct RecordPart {
    std::string recipient;  ///< empty if the views do not know it yet
    Effect effect = Effect::none;
};
using RecordParts = std::map<std::int64_t, RecordPart>;

std::vector<std::string> ids_of(const std::vector<model::AuthorityId>& authorities) {
    std::vector<std::string> out;
    out.reserve(authorities.size());
    for (const model::AuthorityId& id : authorities) out.push_back(id.get());
    return out;
}

std::string event_json(const Happened& event) {
    JsonWriter out;
    out.text("event_time", model::to_rfc3339(event.at_ms))
        .text("entity_id", event.entity)
        .text("event_type", event.type)
        .text("event_state", event.state)
        .texts("recipient_third_parties", {event.recipients.begin(), event.recipients.end()});
    return out.done();
}

/// How the whole stands after an act of this strength: "withdrawn" is said of nothing that one of
/// the recipients may still use.
std::string_view state_after(const RecordParts& parts, Effect strength) {
    const auto any = [&](Effect effect) {
        return std::ranges::any_of(parts,
                                   [&](const auto& part) { return part.second.effect == effect; });
    };
    if (any(Effect::none))
        return strength == Effect::ends ? "partly_withdrawn" : "partly_suspended";
    return any(Effect::suspends) ? "suspended" : "withdrawn";
}

/// What the rows of find_effects say, one event an act; `parts` follow.
std::vector<Happened> endings_of(const std::vector<Row>& rows, RecordParts& parts) {
    std::vector<Happened> out;
    base::Bytes act;
    for (const Row& row : rows) {
        if (base::Bytes leaf = row.bytes(0); leaf != act || out.empty()) {
            act = std::move(leaf);
            out.push_back({row.count(5),
                           base::to_text(uuid_of(row.bytes(4))),
                           model::word(static_cast<RecordKind>(row.number(3))),
                           "",
                           {}});
        }
        const auto strength = static_cast<Effect>(row.number(2));
        RecordPart& part = parts[row.number(1)];
        part.effect = std::max(part.effect, strength);
        if (!part.recipient.empty()) out.back().recipients.insert(part.recipient);
        out.back().state = state_after(parts, strength);
    }
    return out;
}

/// On what a transfer of this kind rests (GDPR); an objection or a choice is no consent.
std::string_view lawful_basis(model::ActType type) {
    const bool consent =
        type == model::ActType::consent || type == model::ActType::confidentiality_release;
    return consent ? "GDPR Art. 6(1)(a)" : "statute";
}

}  // namespace

base::Result<ConsentExport::Page> ConsentExport::begin(const model::SubjectRef& subject,
                                                       std::string_view principal) const {
    const model::Digest tag = seal::tag_subject(seal::subject_key(subject.value));
    TRY(rows, parts_.store.run(find_given, {tag, column_of(limits::export_records_max + 1)}));
    Page page;
    page.principal = principal;
    page.now_ms = parts_.clock.wall_ms();
    page.complete = rows.size() <= limits::export_records_max;
    if (!page.complete) rows.pop_back();
    page.given = std::move(rows);
    return page;
}

base::Result<void> ConsentExport::open(Page& page, std::size_t count) const {
    for (std::size_t i = 0; i < count && !page.done(); ++i) {
        const Row& row = page.given[page.next++];
        const Place place{uuid_of(row.bytes(1)), static_cast<std::uint32_t>(row.count(2)),
                          row.count(3)};
        TRY(content, content_of(parts_.store, place, array_of<32>(row.bytes(0))));
        if (content.empty()) {
            page.complete = false;
            continue;
        }
        const auto declaration = parts_.opener.open(content[0].text(0));
        if (!declaration || !declaration->entry || !declaration->selection) {
            if (!declaration) base::log_error(declaration.error());
            page.complete = false;
            continue;
        }
        TRY(happened, events(*declaration, row.bytes(0), page.now_ms));
        page.records.push_back(record(*declaration, page.principal, happened));
    }
    return {};
}

std::string ConsentExport::json_of(const Page& page) {
    return JsonWriter()
        .boolean("complete", page.complete)
        .raw("records", model::json_array(page.records))
        .done();
}

std::string ConsentExport::record(const model::Declaration& declaration, std::string_view principal,
                                  const std::string& events) const {
    const model::EntryRef& entry = *declaration.entry;
    const model::Selection& selection = *declaration.selection;
    std::vector<std::string> pii;
    for (const std::string& category : selection.categories) {
        pii.push_back(JsonWriter().text("pii_type", category).done());
    }
    const std::string notice = JsonWriter()
                                   .text("entry_version", entry.version)
                                   .text("catalogue_version", entry.catalogue_version)
                                   .bytes("catalogue_sha256", entry.catalogue_hash)
                                   .bytes("text_sha256", declaration.presentation.text_hash)
                                   .done();
    const std::string until = selection.to ? model::to_text(*selection.to) : std::string();
    const std::string purpose =
        JsonWriter()
            .text("purpose", parts_.directory.title_of(entry.id.get()))
            .text("purpose_type", entry.id.get())
            .text("lawful_basis", lawful_basis(declaration.act_type))
            .raw("pii_information", model::json_array(pii))
            .texts("pii_controllers", ids_of(selection.sources))
            .text("collection_method", model::word(declaration.assurance.method))
            .text("processing_method", "disclosure by transmission")
            .texts("storage_locations", {"DE"})  // domain: nothing of it is kept elsewhere
            .text("retention_period", until)
            .text("jurisdiction", "DE")
            .texts("recipient_third_parties", ids_of(selection.recipients))
            .text("withdrawal_method", "at any terminal, with the card or the take-back code")
            .done();
    return JsonWriter()
        .text("schema_version", "ISO/IEC TS 27560:2023")
        .text("pii_principal_id", principal)
        .text("record_id", base::to_text(declaration.id))
        .text("receipt_id", base::to_text(declaration.id))
        .text("act_type", model::word(declaration.act_type))
        .raw("pii_processing", JsonWriter()
                                   .raw("privacy_notice", notice)
                                   .text("language", declaration.presentation.language)
                                   .raw("purposes", model::json_array({purpose}))
                                   .done())
        .raw("party_identification", parties(declaration))
        .raw("event", events)
        .done();
}

std::string ConsentExport::parties(const model::Declaration& declaration) const {
    std::vector<std::string> out;
    const auto add = [&](const model::AuthorityId& id, std::string_view role) {
        out.push_back(JsonWriter()
                          .text("party_id", id.get())
                          .text("party_name", parts_.directory.name_of(id.get()))
                          .text("party_role", role)
                          .text("party_type", "public authority")
                          .done());
    };
    for (const auto& id : declaration.selection->sources) add(id, "pii_controller");
    for (const auto& id : declaration.selection->recipients) add(id, "recipient");
    return model::json_array(out);
}

base::Result<std::string> ConsentExport::events(const model::Declaration& declaration,
                                                const base::Bytes& leaf,
                                                std::uint64_t now_ms) const {
    const model::Selection& selection = *declaration.selection;
    const std::vector<std::string> all = ids_of(selection.recipients);
    std::vector<Happened> out{{model::capture_ms(declaration.time),
                               base::to_text(declaration.place.terminal),
                               model::word(declaration.act_type),
                               "given",
                               {all.begin(), all.end()}}};
    RecordParts parts;
    TRY(named, parts_.store.run(find_recipients, {leaf}));
    for (const Row& row : named) parts[row.number(0)].recipient = row.is_null(1) ? "" : row.text(1);
    TRY(effects, parts_.store.run(find_effects, {leaf, column_of(limits::export_effects_max)}));
    std::ranges::move(endings_of(effects, parts), std::back_inserter(out));

    // Expiry is nobody's act: it comes with its day, for those who could use it until then.
    const auto end_ms = selection.to ? german_day_end_ms(*selection.to) : now_ms + 1;
    std::set<std::string> last;
    for (const auto& [number, part] : parts)
        if (part.effect != Effect::ends) last.insert(part.recipient);
    if (end_ms <= now_ms && !last.empty())
        out.push_back(
            {end_ms, base::to_text(declaration.id), "expiry", "expired", std::move(last)});
    std::ranges::stable_sort(out, {}, &Happened::at_ms);

    std::vector<std::string> texts;
    texts.reserve(out.size());
    for (const Happened& event : out) texts.push_back(event_json(event));
    return model::json_array(texts);
}

}  // namespace backend
