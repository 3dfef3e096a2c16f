// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/store/postgres/values.hpp"

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

constexpr int binary = 1;
// libpq tells null from empty by the pointer.
constexpr const char* nothing = "";

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

}  // namespace

Parameters::Parameters(std::span<const Param> params)
    : integers_(params.size()), formats_(params.size(), binary) {
    types_.reserve(params.size());
    values_.reserve(params.size());
    lengths_.reserve(params.size());
    const auto add = [this](Oid type, const char* value, std::size_t size) {
        types_.push_back(type);
        values_.push_back(value);
        lengths_.push_back(static_cast<int>(size));
    };
    for (std::size_t i = 0; i < params.size(); ++i) {
        std::visit(
            base::Overloaded{[&](std::nullptr_t) { add(0, nullptr, 0); },
                             [&](std::int64_t number) {
                                 base::Bytes bytes;
                                 base::append_u64(bytes, static_cast<std::uint64_t>(number));
                                 std::ranges::copy(bytes, integers_[i].begin());
                                 add(type_int8, integers_[i].data(), integers_[i].size());
                             },
                             [&](std::string_view text) {
                                 add(type_text, text.empty() ? nothing : text.data(), text.size());
                             },
                             [&](base::ByteView bytes) {
                                 const std::string_view text = base::as_text(bytes);
                                 add(type_bytea, text.empty() ? nothing : text.data(), text.size());
                             }},
            params[i]);
    }
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
