// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/ingest/applied.hpp"

#include <string>
#include <vector>

#include "drivers/base/check.hpp"
#include "drivers/base/limits.hpp"
#include "sync/backend/store/columns.hpp"

namespace backend {
namespace {

constexpr std::size_t declarations_max = limits::batch_records_max;

std::string placeholders(std::size_t first) {
    std::string list = "$" + std::to_string(first);
    for (std::size_t i = 1; i < declarations_max; ++i) list += ", $" + std::to_string(first + i);
    return list;
}

/// One statement for a whole batch: first the declarations to look for among the acts, then those
/// among the parts.
const Statement& find_by_declaration() {
    static const std::string sql =
        "SELECT leaf, terminal, declaration, 1 FROM act WHERE declaration IN (" + placeholders(1) +
        ") UNION ALL SELECT leaf, terminal, declaration, 0 FROM part WHERE declaration IN (" +
        placeholders(1 + declarations_max) + ")";
    static const Statement statement{sql.c_str()};
    return statement;
}

}  // namespace

base::Result<Applied> find_applied(Store& store, std::span<const Event* const> events) {
    static constexpr Tag nothing{};  // no declaration has this number
    Applied applied;
    if (events.empty()) return applied;
    CHECK(events.size() <= declarations_max);
    std::vector<Param> params(2 * declarations_max, nothing);
    std::size_t act = 0;
    std::size_t part = declarations_max;
    for (const Event* event : events) {
        if (!event->targets.empty()) params[act++] = event->declaration;
        if (!event->parts.empty()) params[part++] = event->declaration;
    }
    TRY(rows, store.run(find_by_declaration(), params));
    for (const Row& row : rows) {
        applied.leaves.insert(array_of<32>(row.bytes(0)));
        auto& whose = row.number(3) == 1 ? applied.acted : applied.given;
        whose.emplace(uuid_of(row.bytes(1)), array_of<32>(row.bytes(2)));
    }
    return applied;
}

}  // namespace backend
