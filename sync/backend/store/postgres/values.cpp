// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/store/postgres/values.hpp"

#include <algorithm>

#include "drivers/base/check.hpp"

namespace backend::postgres {
namespace {

// Built-in types have fixed numbers (src/include/catalog/pg_type.dat).
constexpr Oid type_bool = 16;
constexpr Oid type_bytea = 17;
constexpr Oid type_int8 = 20;
constexpr Oid type_int2 = 21;
constexpr Oid type_int4 = 23;
constexpr Oid type_text = 25;
constexpr Oid type_varchar = 1043;
constexpr Oid type_numeric = 1700;
constexpr Oid type_bytea_array = 1001;
constexpr Oid type_text_array = 1009;
constexpr Oid type_int8_array = 1016;

constexpr int binary = 1;

std::int64_t read_whole(base::ByteView bytes) {
    switch (bytes.size()) {
        case 1:
            return bytes[0] != 0 ? 1 : 0;
        case 2:
            return static_cast<std::int16_t>(base::read_u16(bytes));
        case 4:
            return static_cast<std::int32_t>(base::read_u32(bytes));
        case 8:
            return static_cast<std::int64_t>(base::read_u64(bytes));
        default:
            CHECK(!"a whole number of another size");
            return 0;
    }
}

/// count of digits | weight of the first | sign | scale | digits to the base 10,000, two bytes each
std::int64_t read_numeric(base::ByteView bytes) {
    constexpr std::size_t head_bytes = 8;
    constexpr std::uint16_t negative = 0x4000;
    CHECK(bytes.size() >= head_bytes);
    const std::size_t digits = base::read_u16(bytes);
    const int weight = static_cast<std::int16_t>(base::read_u16(bytes.subspan(2)));
    const std::uint16_t sign = base::read_u16(bytes.subspan(4));
    CHECK(sign == 0 || sign == negative);
    CHECK(bytes.size() == head_bytes + 2 * digits);
    CHECK(weight <= 4);  // 10,000^5 is above 2^63
    std::int64_t value = 0;
    for (int i = 0; i <= weight; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const std::int64_t digit =
            at < digits ? base::read_u16(bytes.subspan(head_bytes + 2 * at)) : 0;
        CHECK(value <= (INT64_MAX - digit) / 10'000);
        value = value * 10'000 + digit;
    }
    CHECK(digits == 0 || static_cast<int>(digits) <= weight + 1);  // no fraction
    return sign == negative ? -value : value;
}

Value read_column(const PGresult& answer, int row, int column) {
    if (PQgetisnull(&answer, row, column) != 0) return Value(nullptr);
    const char* const data = PQgetvalue(&answer, row, column);
    const auto size = static_cast<std::size_t>(PQgetlength(&answer, row, column));
    const base::ByteView bytes = base::as_bytes({data, size});
    switch (PQftype(&answer, column)) {
        case type_bool:
        case type_int2:
        case type_int4:
        case type_int8:
            return Value(read_whole(bytes));
        case type_numeric:
            return Value(read_numeric(bytes));
        case type_text:
        case type_varchar:
            return Value(std::string(data, size));
        case type_bytea:
            return Value(base::Bytes(bytes.begin(), bytes.end()));
        default:
            CHECK(!"a column of a type that our dialect does not have");
            return Value(nullptr);
    }
}

std::array<char, 8> big_endian(std::int64_t number) {
    std::array<char, 8> out{};
    auto rest = static_cast<std::uint64_t>(number);
    for (auto byte = out.rbegin(); byte != out.rend(); ++byte, rest >>= 8U) {
        *byte = static_cast<char>(rest & 0xFFU);
    }
    return out;
}

Oid type_of(const Param& param) {
    return std::visit(base::Overloaded{[](std::nullptr_t) { return Oid{0}; },
                                       [](std::int64_t) { return type_int8; },
                                       [](std::string_view) { return type_text; },
                                       [](base::ByteView) { return type_bytea; }},
                      param);
}

Oid array_type(Oid type) {
    if (type == type_int8) return type_int8_array;
    return type == type_text ? type_text_array : type_bytea_array;
}

/// Bytes of a text or of bytes; a null has none, which libpq tells from empty by the pointer.
std::string_view bytes_of(const Param& param) {
    std::string_view bytes;
    if (const auto* text = std::get_if<std::string_view>(&param)) bytes = *text;
    if (const auto* plain = std::get_if<base::ByteView>(&param)) bytes = base::as_text(*plain);
    if (std::holds_alternative<std::nullptr_t>(param) || !bytes.empty()) return bytes;
    return "";
}

void append_word(std::string& out, std::uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(number >> shift));
}

/// Dimensions (1) | has nulls (0) | type | count | first index (1), then each value behind its
/// length. `params` begins with the first of the column.
std::string array_of_column(std::span<const Param> params, std::size_t columns, Oid type) {
    std::string out;
    const std::size_t rows = (params.size() + columns - 1) / columns;
    std::size_t size = 5 * sizeof(std::uint32_t);
    for (std::size_t at = 0; at < params.size(); at += columns) {
        size += sizeof(std::uint32_t) + std::max(sizeof(std::int64_t), bytes_of(params[at]).size());
    }
    out.reserve(size);
    for (const std::uint32_t word : {1U, 0U, type, static_cast<std::uint32_t>(rows), 1U}) {
        append_word(out, word);
    }
    for (std::size_t at = 0; at < params.size(); at += columns) {
        CHECK(type != 0 && type_of(params[at]) == type);
        if (const auto* number = std::get_if<std::int64_t>(&params[at])) {
            const std::array<char, 8> bytes = big_endian(*number);
            append_word(out, bytes.size());
            out.append(bytes.data(), bytes.size());
        } else {
            const std::string_view bytes = bytes_of(params[at]);
            append_word(out, static_cast<std::uint32_t>(bytes.size()));
            out.append(bytes);
        }
    }
    return out;
}

}  // namespace

Parameters::Parameters(std::span<const Param> params) : integers_(params.size()) {
    reserve(params.size());
    for (std::size_t i = 0; i < params.size(); ++i) {
        if (const auto* number = std::get_if<std::int64_t>(&params[i])) {
            integers_[i] = big_endian(*number);
            add(type_int8, {integers_[i].data(), integers_[i].size()});
        } else {
            add(type_of(params[i]), bytes_of(params[i]));
        }
    }
}

Parameters::Parameters(std::span<const Param> params, std::size_t columns) : arrays_(columns) {
    reserve(columns);
    for (std::size_t column = 0; column < columns; ++column) {
        const Oid type = type_of(params[column]);
        arrays_[column] = array_of_column(params.subspan(column), columns, type);
        add(array_type(type), arrays_[column]);
    }
}

void Parameters::reserve(std::size_t count) {
    types_.reserve(count);
    values_.reserve(count);
    lengths_.reserve(count);
    formats_.assign(count, binary);
}

void Parameters::add(Oid type, std::string_view value) {
    types_.push_back(type);
    values_.push_back(value.data());
    lengths_.push_back(static_cast<int>(value.size()));
}

void read_rows(const PGresult& answer, Rows& rows) {
    const int columns = PQnfields(&answer);
    for (int row = 0; row < PQntuples(&answer); ++row) {
        std::vector<Value> values;
        values.reserve(static_cast<std::size_t>(columns));
        for (int column = 0; column < columns; ++column) {
            values.push_back(read_column(answer, row, column));
        }
        rows.emplace_back(std::move(values));
    }
}

}  // namespace backend::postgres
