// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/authorities/cases.hpp"

#include <algorithm>

#include "drivers/base/limits.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/model/access_request.hpp"
#include "sync/model/times.hpp"

namespace backend {
namespace {

// Looked up for each item by itself. As a join PostgreSQL may read all of an authority's
// assignments for each of its items: both sides have one authority, and without statistics that is
// enough for it.
#define FILE_NUMBER                                                               \
    "(SELECT a.file_number FROM assignment a WHERE a.authority = i.authority AND" \
    " a.handle = i.handle)"
#define CASE_COLUMNS                                                                         \
    "SELECT i.leaf, l.terminal, l.epoch, l.seq, i.declaration, i.entry, i.act_type, i.role," \
    " i.handle, i.match_key, i.from_date, i.to_date, i.log_index, i.received_ms, "           \
    "i.valid, " FILE_NUMBER                                                                  \
    " FROM view_item i JOIN log_entry l ON l.log_index = i.log_index WHERE "                 \
    "i.authority = $1"
// A request for access that nobody has answered; its last day is past if from_date is early enough.
#define UNANSWERED                                                                             \
    "i.act_type = 'notice' AND i.valid = 1 AND NOT EXISTS (SELECT 1 FROM status s WHERE"       \
    " s.authority = i.authority AND s.declaration = i.declaration AND s.state IN ('applied', " \
    "'not_usable'))"
// What is overdue and alarms first, so that the bound never cuts one off.
constexpr Statement find_all{
    CASE_COLUMNS
    " ORDER BY CASE WHEN i.from_date <= $2 AND " UNANSWERED
    " THEN -1"
    "  WHEN " FILE_NUMBER
    " IS NOT NULL THEN 2"
    "  WHEN i.role = 0 OR EXISTS (SELECT 1 FROM view_part v JOIN part p ON p.leaf = v.leaf"
    "   AND p.part_no = v.part_no WHERE v.authority = i.authority AND v.leaf = i.leaf"
    "   AND p.state > 0) THEN 0 ELSE 1 END, i.log_index DESC, i.leaf LIMIT $3 OFFSET $4"};
constexpr Statement count_all{"SELECT COUNT(*) FROM view_item WHERE authority = $1"};
constexpr Statement find_one{CASE_COLUMNS " AND i.declaration = $2 ORDER BY i.log_index LIMIT 1"};
constexpr Statement find_file{
    CASE_COLUMNS
    " AND i.handle IN (SELECT f.handle FROM assignment f WHERE f.authority = $1 AND"
    " f.file_number = $2) ORDER BY i.log_index DESC LIMIT $3"};
constexpr Statement count_late{
    "SELECT COUNT(*) FROM view_item i WHERE i.from_date <= $1 AND " UNANSWERED};
#undef UNANSWERED
#undef CASE_COLUMNS
#undef FILE_NUMBER
constexpr Statement find_parts{
    "SELECT v.recipient, p.state, p.observed FROM view_part v JOIN part p ON p.leaf = v.leaf AND "
    "p.part_no = "
    "v.part_no"
    " WHERE v.authority = $1 AND v.leaf = $2 ORDER BY v.part_no"};
// A note without proof knows name and birth date only. It holds up what it may mean, unless the
// grant was given with the note in sight or the authority has found the note to be unfounded.
constexpr Statement find_note{
    "SELECT n.declaration FROM view_item n JOIN log_entry l ON l.log_index = n.log_index"
    " WHERE n.authority = $1 AND n.match_key = $2 AND n.role = 0"
    " AND (n.entry = '' OR n.entry = $3) AND n.log_index >= $4"
    " AND NOT (l.terminal = $5 AND l.epoch = $6 AND l.seq < $7)"
    " AND NOT EXISTS (SELECT 1 FROM status s WHERE s.authority = n.authority"
    "  AND s.declaration = n.declaration AND s.state = 'not_usable') LIMIT 1"};
constexpr Statement find_endings{
    "SELECT DISTINCT c.declaration, c.terminal, c.wall_ms FROM effect e"
    " JOIN view_part v ON v.leaf = e.part_leaf AND v.part_no = e.part_no"
    " JOIN act c ON c.leaf = e.act_leaf WHERE v.authority = $1 AND v.leaf = $2"
    " ORDER BY c.wall_ms LIMIT $3"};
constexpr Statement find_status{
    "SELECT state, at_ms, reason FROM status WHERE authority = $1 AND declaration = $2"};
constexpr Statement find_ambiguous{
    "SELECT match_key FROM view_item WHERE authority = $1 AND role <> 0 GROUP BY match_key"
    " HAVING COUNT(DISTINCT handle) > 1 LIMIT $2"};

CaseState state_by_date(const Case& item, std::string_view today) {
    // Dates of one form compare as text.
    if (!item.from.empty() && today < item.from) return CaseState::not_yet;
    if (!item.to.empty() && today > item.to) return CaseState::expired;
    return CaseState::usable;
}

CaseState state_of(const Case& item, bool valid, std::string_view today) {
    if (!valid) return CaseState::invalid;
    if (item.act_type == "notice") return CaseState::access_request;
    if (item.parts.empty()) return CaseState::provisional;
    const auto has = [&](Effect effect) {
        return std::ranges::any_of(item.parts,
                                   [&](const CasePart& part) { return part.effect == effect; });
    };
    if (item.act_type == "objection") {
        return has(Effect::none) ? CaseState::objection : CaseState::objection_ended;
    }
    if (has(Effect::none)) return state_by_date(item, today);
    return has(Effect::suspends) ? CaseState::suspended : CaseState::withdrawn;
}

base::Result<std::optional<CaseStatus>> status_of(Store& store, std::string_view authority,
                                                  const base::Uuid& declaration) {
    TRY(rows, store.run(find_status, {authority, declaration.get()}));
    if (rows.empty()) return std::optional<CaseStatus>{};
    return std::optional<CaseStatus>{
        CaseStatus{rows[0].text(0), rows[0].count(1), rows[0].text(2)}};
}

/// Suspends the living parts if a note without proof may mean this person.
base::Result<void> heed_notes(Store& store, std::string_view authority, std::uint64_t observed,
                              Case& item) {
    const auto alive = [](const CasePart& part) { return part.effect == Effect::none; };
    if (item.act_type == "objection" || std::ranges::none_of(item.parts, alive)) return {};
    TRY(notes, store.run(find_note, {authority, item.match_key, item.entry, column_of(observed),
                                     item.place.terminal.get(), std::int64_t{item.place.epoch},
                                     column_of(item.place.seq)}));
    if (notes.empty()) return {};
    for (CasePart& part : item.parts) part.effect = std::max(part.effect, Effect::suspends);
    return {};
}

/// A day that bounds the requests which are overdue today; before every one if today is no day.
std::string late_day(std::string_view today) {
    const auto day = model::parse_date(today);
    return day ? model::to_text(model::overdue_since(*day)) : "";
}

bool is_overdue(const Case& item, std::string_view today) {
    if (item.state != CaseState::access_request || item.from > late_day(today)) return false;
    return !item.status || (item.status->state != "applied" && item.status->state != "not_usable");
}

base::Result<Case> read_case(Store& store, std::string_view authority, const Row& row,
                             std::string_view today) {
    Case item;
    item.leaf = array_of<32>(row.bytes(0));
    item.place = {uuid_of(row.bytes(1)), static_cast<std::uint32_t>(row.count(2)), row.count(3)};
    item.declaration = uuid_of(row.bytes(4));
    item.entry = row.text(5);
    item.act_type = row.text(6);
    item.is_source = (row.number(7) & 1) != 0;
    item.is_recipient = (row.number(7) & 2) != 0;
    item.handle = row.bytes(8);
    item.match_key = row.bytes(9);
    item.from = row.text(10);
    item.to = row.text(11);
    item.log_index = row.count(12);
    item.received_ms = row.count(13);
    if (!row.is_null(15)) item.file_number = row.text(15);
    TRY(parts, store.run(find_parts, {authority, item.leaf}));
    std::uint64_t observed = 0;
    for (const Row& part : parts) {
        item.parts.push_back({part.text(0), static_cast<Effect>(part.number(1))});
        observed = std::max(observed, part.count(2));
    }
    TRY_VOID(heed_notes(store, authority, observed, item));
    TRY(endings, store.run(find_endings, {authority, item.leaf, column_of(limits::targets_max)}));
    for (const Row& ending : endings) {
        item.endings.push_back({uuid_of(base::ByteView(ending.bytes(0)).first(16)),
                                uuid_of(ending.bytes(1)), ending.count(2)});
    }
    item.state = state_of(item, row.number(14) != 0, today);
    TRY(status, status_of_case(store, authority, item));
    item.status = std::move(status);
    item.overdue = is_overdue(item, today);
    return item;
}

base::Result<std::vector<Case>> read_cases(Store& store, std::string_view authority,
                                           const Rows& rows, std::string_view today) {
    std::vector<Case> cases;
    for (const Row& row : rows) {
        TRY(item, read_case(store, authority, row, today));
        cases.push_back(std::move(item));
    }
    return cases;
}

}  // namespace

std::string_view word(CaseState state) {
    switch (state) {
        case CaseState::usable:
            return "usable";
        case CaseState::not_yet:
            return "not_yet";
        case CaseState::expired:
            return "expired";
        case CaseState::withdrawn:
            return "withdrawn";
        case CaseState::suspended:
            return "suspended";
        case CaseState::objection:
            return "objection";
        case CaseState::objection_ended:
            return "objection_ended";
        case CaseState::provisional:
            return "provisional";
        case CaseState::access_request:
            return "access_request";
        case CaseState::invalid:
            return "invalid";
    }
    return "invalid";
}

bool Case::alarm() const {
    if (file_number || state == CaseState::invalid) return false;
    if (state == CaseState::provisional) return !status || status->state == "received";
    // Also if it is ended for one recipient only: somebody must be told.
    return act_type != "objection" && std::ranges::any_of(parts, [](const CasePart& part) {
               return part.effect != Effect::none;
           });
}

base::Result<std::vector<Case>> list_cases(Store& store, std::string_view authority,
                                           std::string_view today, std::uint64_t from) {
    TRY(rows, store.run(find_all, {authority, late_day(today), column_of(limits::inbox_items_max),
                                   column_of(from)}));
    TRY(cases, read_cases(store, authority, rows, today));
    std::ranges::stable_sort(cases, [](const Case& left, const Case& right) {
        const auto rank = [](const Case& item) {
            return item.overdue ? -1 : item.file_number ? 2 : item.alarm() ? 0 : 1;
        };
        return rank(left) < rank(right);
    });
    return std::move(cases);
}

base::Result<std::uint64_t> count_cases(Store& store, std::string_view authority) {
    TRY(rows, store.run(count_all, {authority}));
    return rows.at(0).count(0);
}

base::Result<std::uint64_t> count_overdue(Store& store, std::string_view today) {
    TRY(rows, store.run(count_late, {late_day(today)}));
    return rows.at(0).count(0);
}

base::Result<std::optional<Case>> find_case(Store& store, std::string_view authority,
                                            const base::Uuid& declaration, std::string_view today) {
    TRY(rows, store.run(find_one, {authority, declaration.get()}));
    if (rows.empty()) return std::optional<Case>{};
    TRY(item, read_case(store, authority, rows[0], today));
    return std::optional<Case>{std::move(item)};
}

base::Result<std::optional<CaseStatus>> status_of_case(Store& store, std::string_view authority,
                                                       const Case& item) {
    if (item.endings.empty() || item.state == CaseState::usable)
        return status_of(store, authority, item.declaration);
    std::optional<CaseStatus> found;
    for (const Ending& ending : item.endings) {
        TRY(status, status_of(store, authority, ending.declaration));
        if (status && (!found || found->state == "received")) found = std::move(status);
    }
    return found;
}

base::Result<std::vector<Case>> cases_of_file(Store& store, std::string_view authority,
                                              std::string_view file_number,
                                              std::string_view today) {
    TRY(rows, store.run(find_file, {authority, file_number, column_of(limits::inbox_items_max)}));
    return read_cases(store, authority, rows, today);
}

base::Result<std::vector<base::Bytes>> ambiguous_keys(Store& store, std::string_view authority) {
    TRY(rows, store.run(find_ambiguous, {authority, column_of(limits::inbox_items_max)}));
    std::vector<base::Bytes> keys;
    keys.reserve(rows.size());
    for (const Row& row : rows) keys.push_back(row.bytes(0));
    return keys;
}

}  // namespace backend
