// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/authorities/changes.hpp"

#include "drivers/base/limits.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/model/json.hpp"

namespace backend {
namespace {

// Each looked up by itself: see cases.cpp.
constexpr Statement find_changes{
    "SELECT c.n, c.kind, c.declaration, c.token,"
    " (SELECT a.file_number FROM assignment a WHERE a.authority = c.authority AND a.handle ="
    " (SELECT i.handle FROM view_item i WHERE i.authority = c.authority AND i.leaf = c.leaf))"
    " FROM change c WHERE c.authority = $1 AND c.n > $2 ORDER BY c.n LIMIT $3"};
constexpr Statement find_last{"SELECT last_n FROM change_counter WHERE authority = $1"};

}  // namespace

base::Result<std::string> changes_after(Store& store, std::string_view authority,
                                        std::uint64_t after) {
    TRY(rows,
        store.run(find_changes, {authority, column_of(after), column_of(limits::events_page_max)}));
    TRY(last, store.run(find_last, {authority}));
    std::vector<std::string> changes;
    for (const Row& row : rows) {
        after = row.count(0);
        changes.push_back(
            model::JsonWriter()
                .number("n", after)
                .text("kind", row.text(1))
                .text("declaration", base::to_text(uuid_of(row.bytes(2))))
                .raw("file_number", row.is_null(4) ? "null" : model::json_quote(row.text(4)))
                .text("set", row.text(3))
                .done());
    }
    return model::JsonWriter()
        .raw("changes", model::json_array(changes))
        .number("next", after)
        .number("last", last.empty() ? 0 : last[0].count(0))
        .done();
}

}  // namespace backend
