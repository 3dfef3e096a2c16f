// SPDX-License-Identifier: EUPL-1.2
#include "tests/bench/copy_target.hpp"

#include "drivers/base/check.hpp"

namespace bench {
namespace {

using Answer = std::unique_ptr<PGresult, base::Deleter<PQclear>>;

void append_value(base::Bytes& out, const backend::Value& value) {
    const auto add = [&](base::ByteView bytes) {
        base::append_u32(out, static_cast<std::uint32_t>(bytes.size()));
        base::append(out, bytes);
    };
    std::visit(base::Overloaded{[&](std::nullptr_t) { base::append_u32(out, 0xFFFF'FFFF); },
                                [&](std::int64_t number) {
                                    base::append_u32(out, 8);
                                    base::append_u64(out, static_cast<std::uint64_t>(number));
                                },
                                [&](const std::string& text) { add(base::as_bytes(text)); },
                                [&](const base::Bytes& bytes) { add(bytes); }},
               value);
}

}  // namespace

CopyTarget::CopyTarget(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
    CHECK(PQstatus(connection_.get()) == CONNECTION_OK);
}

void CopyTarget::run(const char* sql) {
    const Answer answer(PQexec(connection_.get(), sql));
    CHECK(PQresultStatus(answer.get()) == PGRES_COMMAND_OK);
}

std::string CopyTarget::encode(const backend::Rows& rows) {
    constexpr std::string_view signature("PGCOPY\n\xFF\r\n\0", 11);
    base::Bytes out;
    base::append(out, base::as_bytes(signature));
    base::append_u64(out, 0);  // no flags, no extension
    for (const backend::Row& row : rows) {
        base::append_u16(out, static_cast<std::uint16_t>(row.values().size()));
        for (const backend::Value& value : row.values()) append_value(out, value);
    }
    base::append_u16(out, 0xFFFF);
    return std::string(base::as_text(out));
}

void CopyTarget::copy(const std::string& table, const std::string& content) {
    PGconn* const connection = connection_.get();
    const Answer ready(
        PQexec(connection, ("COPY " + table + " FROM STDIN (FORMAT binary)").c_str()));
    CHECK(PQresultStatus(ready.get()) == PGRES_COPY_IN);
    CHECK(PQputCopyData(connection, content.data(), static_cast<int>(content.size())) == 1);
    CHECK(PQputCopyEnd(connection, nullptr) == 1);
    const Answer done(PQgetResult(connection));
    CHECK(PQresultStatus(done.get()) == PGRES_COMMAND_OK);
    CHECK(PQgetResult(connection) == nullptr);
}

}  // namespace bench
