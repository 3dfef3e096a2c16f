// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/store/multi_row.hpp"

#include "drivers/base/check.hpp"
#include "drivers/base/limits_backend.hpp"

namespace backend {

std::string rows_of_arrays(std::string_view sql, std::size_t columns) {
    CHECK(columns > 0 && columns <= limits::insert_columns_max);
    std::string values = "VALUES (";
    std::string arrays = "SELECT ";
    for (std::size_t column = 1; column <= columns; ++column) {
        const std::string parameter = "$" + std::to_string(column);
        values += parameter + (column < columns ? ", " : ")");
        arrays += "unnest(" + parameter + (column < columns ? "), " : ")");
    }
    const std::size_t place = sql.find(values);
    CHECK(place != std::string_view::npos);
    const std::string_view rest = sql.substr(place + values.size());
    CHECK(rest.find('$') == std::string_view::npos);
    return std::string(sql.substr(0, place)).append(arrays).append(rest);
}

}  // namespace backend
