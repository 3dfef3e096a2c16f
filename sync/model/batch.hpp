// SPDX-License-Identifier: EUPL-1.2
// The two bodies that a terminal sends: a batch continues the chain, advance copies carry
// withdrawals past the queue. Over HTTPS and on a USB stick they are the same bytes. Pure, any
// thread.
//   batch    {"terminal","epoch","from","to","head":<jws of `to`>,"records":[record...]}
//   advance  {"terminal","advance":[{"head":<jws of that seq>,"record":record}...]}
//   record   {"header":b64url,"scopes":b64url,"jwe":text}
// A record whose content the terminal has let go, after the backend had acknowledged and logged it,
// and which a backend out of a backup asks for again, has an empty jwe; scopes are empty too unless
// the act is a protective one. The header says what they were.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sync/model/record.hpp"

namespace model {

struct Batch {
    base::Uuid terminal;
    std::uint32_t epoch = 1;
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    std::string head;             ///< compact JWS
    std::vector<Record> records;  ///< to - from + 1 records in order
    friend bool operator==(const Batch&, const Batch&) = default;
};
struct AdvanceCopy {
    std::string head;
    Record record;
    friend bool operator==(const AdvanceCopy&, const AdvanceCopy&) = default;
};
struct Advance {
    base::Uuid terminal;
    std::vector<AdvanceCopy> copies;
    friend bool operator==(const Advance&, const Advance&) = default;
};

[[nodiscard]] std::string encode(const Batch& batch);
[[nodiscard]] std::string encode(const Advance& advance);
/// errors  message_bad: JSON, members, 1..limits::batch_records_max records, their number against
///         from and to, sizes. Headers are not looked into: one bad record must not hide the
///         others (I7).
base::Result<Batch> parse_batch(std::string_view body);
base::Result<Advance> parse_advance(std::string_view body);

}  // namespace model
