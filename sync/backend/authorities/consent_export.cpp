// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/authorities/consent_export.hpp"

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/base/limits_portal.hpp"
#include "drivers/base/log.hpp"
#include "sync/backend/authorities/content.hpp"
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
constexpr Statement find_acts{
    "SELECT DISTINCT c.declaration, c.kind, c.terminal, c.wall_ms FROM effect e"
    " JOIN act c ON c.leaf = e.act_leaf AND c.target_no = 0 WHERE e.part_leaf = $1"
    " ORDER BY c.wall_ms LIMIT $2"};

std::vector<std::string> ids_of(const std::vector<model::AuthorityId>& authorities) {
    std::vector<std::string> out;
    out.reserve(authorities.size());
    for (const model::AuthorityId& id : authorities) out.push_back(id.get());
    return out;
}

std::string event_json(std::uint64_t at_ms, const std::string& entity, std::string_view type,
                       std::string_view state) {
    return JsonWriter()
        .text("event_time", model::to_rfc3339(at_ms))
        .text("entity_id", entity)
        .text("event_type", type)
        .text("event_state", state)
        .done();
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
        TRY(happened, events(*declaration, row.bytes(0)));
        page.records.push_back(record(*declaration, happened));
    }
    return {};
}

std::string ConsentExport::json_of(const Page& page) {
    return JsonWriter()
        .text("schema_version", "ISO/IEC TS 27560:2023")
        .text("pii_principal_id", page.principal)
        .boolean("complete", page.complete)
        .raw("records", model::json_array(page.records))
        .done();
}

std::string ConsentExport::record(const model::Declaration& declaration,
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
            .texts("storage_locations", {"DE"})
            .text("retention_period", until)
            .text("jurisdiction", "DE")
            .texts("recipient_third_parties", ids_of(selection.recipients))
            .text("withdrawal_method", "at any terminal, with the card or the take-back code")
            .done();
    return JsonWriter()
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
                                                const base::Bytes& leaf) const {
    std::vector<std::string> out;
    out.push_back(event_json(model::capture_ms(declaration.time),
                             base::to_text(declaration.place.terminal),
                             model::word(declaration.act_type), "given"));
    TRY(acts, parts_.store.run(find_acts, {leaf, column_of(limits::targets_max)}));
    for (const Row& act : acts) {
        const auto kind = static_cast<RecordKind>(act.number(1));
        const bool holds_up = kind == RecordKind::provisional_withdrawal;
        out.push_back(event_json(act.count(3), base::to_text(uuid_of(act.bytes(2))),
                                 model::word(kind), holds_up ? "suspended" : "withdrawn"));
    }
    return model::json_array(out);
}

}  // namespace backend
