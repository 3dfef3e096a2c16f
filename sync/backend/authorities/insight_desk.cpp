// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/authorities/insight_desk.hpp"

#include <algorithm>

#include "drivers/base/limits.hpp"
#include "drivers/base/limits_exchange.hpp"
#include "sync/backend/authorities/accesses.hpp"
#include "sync/backend/authorities/german_day.hpp"
#include "sync/backend/ingest/rule.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/seal/scope_tags.hpp"

namespace backend {
namespace {

using receipts::InsightAccess;
using receipts::InsightRelease;
using receipts::InsightSource;
using receipts::InsightWish;

constexpr Statement find_standing{
    "SELECT (SELECT COUNT(*) FROM view_item i WHERE i.authority = $1 AND i.handle = $2"
    "  AND i.role <> 0),"
    " (SELECT COUNT(*) FROM assignment a WHERE a.authority = $1 AND a.handle = $2),"
    " (SELECT MAX(r.received_ms) FROM access_report r WHERE r.authority = $1),"
    " (SELECT c.complete_ms FROM access_coverage c WHERE c.authority = $1)"};
constexpr Statement find_own{
    "SELECT DISTINCT p.leaf, p.declaration, p.terminal, p.wall_ms, l.log_index FROM part p"
    " JOIN log_entry l ON l.terminal = p.terminal AND l.epoch = p.epoch AND l.seq = p.seq"
    " AND l.leaf = p.leaf WHERE p.tag_s = $1 ORDER BY l.log_index LIMIT $2"};
constexpr Statement find_shown{
    "SELECT authority, role, entry, act_type, from_date, to_date FROM view_item WHERE leaf = $1"
    " ORDER BY authority"};
constexpr Statement find_own_parts{
    "SELECT p.state, (SELECT MIN(v.recipient) FROM view_part v WHERE v.leaf = p.leaf"
    " AND v.part_no = p.part_no) FROM part p WHERE p.leaf = $1 ORDER BY p.part_no"};
constexpr Statement find_statuses{
    "SELECT s.declaration, s.authority, s.state, s.at_ms, s.reason FROM status s"
    " WHERE s.declaration = $1 ORDER BY s.authority"};
constexpr Statement find_ended_by{
    "SELECT DISTINCT c.declaration, c.wall_ms FROM effect e JOIN act c ON c.leaf = e.act_leaf"
    " WHERE e.part_leaf = $1 ORDER BY c.wall_ms LIMIT $2"};
constexpr Statement find_demands{
    "SELECT i.declaration, l.terminal, i.received_ms, i.entry, i.act_type, i.from_date"
    " FROM view_item i JOIN log_entry l ON l.log_index = i.log_index"
    " WHERE i.authority = $1 AND i.handle = $2 AND i.act_type = 'notice' AND i.valid = 1"
    " ORDER BY i.log_index LIMIT $3"};
constexpr Statement find_wishes{
    "SELECT r.entry, r.until FROM release_request r JOIN assignment a"
    " ON a.authority = r.authority AND a.file_number = r.file_number"
    " WHERE a.authority = $1 AND a.handle = $2 AND r.until >= $3 ORDER BY r.until, r.id LIMIT $4"};
constexpr Statement find_accesses{
    "SELECT withheld, coverage, entry, recipient, categories, purpose, system, at_ms"
    " FROM access_report WHERE authority = $1 AND handle = $2 AND at_ms >= $3"
    " ORDER BY at_ms DESC, id LIMIT $4"};

base::Uuid own_id(const base::Bytes& padded) {
    return uuid_of(base::ByteView(padded).first(16));
}

std::string part_word(std::int64_t state) {
    constexpr std::string_view words[] = {"alive", "suspended", "ended"};
    CHECK(state >= 0 && state < 3);
    return std::string(words[state]);
}

base::Result<void> add_statuses(Store& store, const base::Uuid& declaration,
                                InsightRelease& release) {
    TRY(rows, store.run(find_statuses, {declaration.get()}));
    for (const Row& row : rows) {
        if (release.statuses.size() >= limits::insight_statuses_max) return {};
        release.statuses.push_back({uuid_of(row.bytes(0)), model::AuthorityId(row.text(1)),
                                    row.text(2), row.count(3), row.text(4)});
    }
    return {};
}

base::Result<InsightRelease> read_own(Store& store, const Row& row) {
    InsightRelease release;
    release.declaration = own_id(row.bytes(1));
    release.terminal = uuid_of(row.bytes(2));
    release.recorded_ms = row.count(3);
    TRY(shown, store.run(find_shown, {row.bytes(0)}));
    for (const Row& item : shown) {
        if ((item.number(1) & 1) != 0) release.sources.emplace_back(item.text(0));
        release.entry = item.text(2);
        release.act_type = item.text(3);
        release.from = item.text(4);
        release.until = item.text(5);
    }
    TRY(parts, store.run(find_own_parts, {row.bytes(0)}));
    for (const Row& part : parts) {
        // Nobody here was shown it yet, or only its source is served here and was not told whom.
        const std::string recipient = part.is_null(1) ? std::string("unknown") : part.text(1);
        release.parts.push_back({model::AuthorityId(recipient), part_word(part.number(0))});
    }
    TRY_VOID(add_statuses(store, release.declaration, release));
    TRY(endings, store.run(find_ended_by, {row.bytes(0), column_of(limits::targets_max)}));
    for (const Row& ending : endings) {
        TRY_VOID(add_statuses(store, own_id(ending.bytes(0)), release));
    }
    return release;
}

}  // namespace

base::Result<std::vector<receipts::InsightRow>> InsightDesk::rows(
    const model::SubjectRef& subject) const {
    InsightRows out;
    TRY_VOID(add_sources(subject, out));
    TRY_VOID(add_releases(subject, out));
    TRY_VOID(add_demands(subject, out));
    TRY_VOID(add_wishes(subject, out));
    TRY_VOID(add_accesses(subject, out));
    if (out.size() > limits::insight_rows_max) out.resize(limits::insight_rows_max);
    return out;
}

base::Result<void> InsightDesk::add_sources(const model::SubjectRef& subject,
                                            InsightRows& out) const {
    for (const auto& [id, authority] : parts_.directory.all()) {
        TRY(rows, parts_.store.run(find_standing, {id, handle_of(authority, subject)}));
        const Row& row = rows.at(0);
        InsightSource source;
        source.authority = model::AuthorityId(id);
        source.name = authority.name;
        source.concerned = row.number(0) > 0;
        source.matched = row.number(1) > 0;
        source.reports = !row.is_null(2) || !row.is_null(3);
        if (!row.is_null(3)) source.complete_ms = row.count(3);
        out.emplace_back(std::move(source));
    }
    return {};
}

base::Result<void> InsightDesk::add_releases(const model::SubjectRef& subject,
                                             InsightRows& out) const {
    const model::Digest tag = seal::tag_subject(seal::subject_key(subject.value));
    TRY(rows, parts_.store.run(find_own, {tag, column_of(limits::insight_rows_max)}));
    for (const Row& row : rows) {
        TRY(release, read_own(parts_.store, row));
        out.emplace_back(std::move(release));
    }
    return {};
}

base::Result<void> InsightDesk::add_demands(const model::SubjectRef& subject,
                                            InsightRows& out) const {
    // A request for access has no parts: whom it asks stands in what each of them was shown.
    std::vector<InsightRelease> demands;
    for (const auto& [id, authority] : parts_.directory.all()) {
        TRY(rows, parts_.store.run(find_demands, {id, handle_of(authority, subject),
                                                  column_of(limits::insight_rows_max)}));
        for (const Row& row : rows) {
            const base::Uuid declaration = uuid_of(row.bytes(0));
            auto at = std::ranges::find(demands, declaration, &InsightRelease::declaration);
            if (at == demands.end()) {
                InsightRelease demand;
                demand.declaration = declaration;
                demand.terminal = uuid_of(row.bytes(1));
                demand.recorded_ms = row.count(2);
                demand.entry = row.text(3);
                demand.act_type = row.text(4);
                demand.from = row.text(5);
                at = demands.insert(demands.end(), std::move(demand));
            }
            at->parts.push_back({model::AuthorityId(id), part_word(0)});
        }
    }
    for (InsightRelease& demand : demands) {
        TRY_VOID(add_statuses(parts_.store, demand.declaration, demand));
        out.emplace_back(std::move(demand));
    }
    return {};
}

base::Result<void> InsightDesk::add_wishes(const model::SubjectRef& subject,
                                           InsightRows& out) const {
    const std::string today = german_day(parts_.clock.wall_ms());
    for (const auto& [id, authority] : parts_.directory.all()) {
        TRY(rows, parts_.store.run(find_wishes, {id, handle_of(authority, subject), today,
                                                 column_of(limits::insight_rows_max)}));
        for (const Row& row : rows) {
            out.emplace_back(InsightWish{model::AuthorityId(id), row.text(0), row.text(1)});
        }
    }
    return {};
}

base::Result<void> InsightDesk::add_accesses(const model::SubjectRef& subject,
                                             InsightRows& out) const {
    const std::uint64_t now_ms = parts_.clock.wall_ms();
    const std::uint64_t since_ms = now_ms - std::min(now_ms, limits::access_age_ms_max);
    std::vector<InsightAccess> all;
    for (const auto& [id, authority] : parts_.directory.all()) {
        TRY(rows,
            parts_.store.run(find_accesses, {id, handle_of(authority, subject), column_of(since_ms),
                                             column_of(limits::insight_rows_max)}));
        for (const Row& row : rows) {
            InsightAccess access;
            access.authority = model::AuthorityId(id);
            access.withheld = row.number(0) != 0;
            access.coverage = word(static_cast<Coverage>(row.number(1)));
            access.entry = row.text(2);
            access.recipient = row.text(3);
            access.categories = row.text(4);
            access.purpose = row.text(5);
            access.system = row.text(6);
            access.at_ms = row.count(7);
            access.day = german_day(access.at_ms);
            all.push_back(std::move(access));
        }
    }
    std::ranges::stable_sort(all, std::greater<>{}, &InsightAccess::at_ms);
    for (InsightAccess& access : all) out.emplace_back(std::move(access));
    return {};
}

}  // namespace backend
