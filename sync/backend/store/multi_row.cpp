// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/store/multi_row.hpp"

#include "drivers/base/check.hpp"
#include "drivers/base/limits_backend.hpp"

namespace backend {

std::string rows_of_arrays(std::string_view sql, std::size_t columns) {
    CHECK(columns > 0 && columns <= limits::insert_columns_max);
    std::string row = "(";
    for (std::size_t column = 1; column <= columns; ++column) {
        if (column > 1) row += ", ";
        row += "$" + std::to_string(column);
    }
    row += ")";
    const std::string values = "VALUES " + row;
    const std::size_t place = sql.find(values);
    CHECK(place != std::string_view::npos);
    const std::string_view rest = sql.substr(place + values.size());
    CHECK(rest.find('$') == std::string_view::npos);
    return std::string(sql.substr(0, place))
        .append("SELECT * FROM unnest")
        .append(row)
        .append(rest);
}

}  // namespace backend
