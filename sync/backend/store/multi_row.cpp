// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/store/multi_row.hpp"

#include <bit>

#include "drivers/base/check.hpp"
#include "drivers/base/limits_backend.hpp"

namespace backend {
namespace {

std::string row_text(std::size_t first, std::size_t columns) {
    std::string text = "(";
    for (std::size_t column = 0; column < columns; ++column) {
        if (column > 0) text += ", ";
        text += "$" + std::to_string(first + column);
    }
    return text + ")";
}

}  // namespace

std::string repeat_row(std::string_view sql, std::size_t columns, std::size_t rows) {
    CHECK(columns > 0 && columns <= limits::insert_columns_max);
    CHECK(rows > 0 && rows <= limits::insert_rows_max);
    const std::string row = row_text(1, columns);
    const std::size_t place = sql.find(row);
    CHECK(place != std::string_view::npos);
    CHECK(sql.find('$', place + row.size()) == std::string_view::npos);
    std::string text(sql.substr(0, place));
    for (std::size_t i = 0; i < rows; ++i) {
        if (i > 0) text += ", ";
        text += row_text(i * columns + 1, columns);
    }
    return text.append(sql.substr(place + row.size()));
}

std::vector<std::size_t> chunks_of(std::size_t rows) {
    std::vector<std::size_t> chunks;
    while (rows > 0) {
        const std::size_t chunk =
            rows >= limits::insert_rows_max ? limits::insert_rows_max : std::bit_floor(rows);
        chunks.push_back(chunk);
        rows -= chunk;
    }
    return chunks;
}

}  // namespace backend
