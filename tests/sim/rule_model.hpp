// SPDX-License-Identifier: EUPL-1.2
// The rule a second time, in the plainest form: all events at once, every pair compared, the chain
// followed by its hashes. Shares no code with sync/backend/ingest. Norm: architecture.md 4,
// interface.md "What lives".
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "sync/model/record.hpp"

namespace sim {

struct LoggedEvent {
    model::Header header;
    model::Scopes scopes;
    model::Digest leaf{};
    std::optional<std::uint64_t> log_index;
    bool in_chain = false;  ///< a row of `record`; else it came as an advance copy or a fork
};

enum class Fate : std::uint8_t { alive = 0, suspended = 1, ended = 2 };

class RuleModel {
  public:
    /// common  a log that was begun anew has so many entries of the one before; else nothing.
    RuleModel(std::vector<LoggedEvent> events, std::optional<std::uint64_t> common);

    /// What became of one part of one event; nothing if that event has no parts that count.
    [[nodiscard]] std::optional<Fate> fate(const model::Digest& leaf, std::size_t part) const;
    /// Every part that counts: (leaf, part number) -> fate.
    [[nodiscard]] std::map<std::pair<model::Digest, std::size_t>, Fate> all() const;
    [[nodiscard]] const std::vector<LoggedEvent>& events() const { return events_; }

    /// True if an observed_claim covers what the present log has at this index: of a log that was
    /// given up only what both have in common counts.
    [[nodiscard]] bool covers(std::uint64_t claim, std::optional<std::uint64_t> log_index) const;
    /// Both have one content: two machines had it unsent and chained it anew, each for itself. Then
    /// it is one declaration at two places.
    [[nodiscard]] static bool same(const LoggedEvent& a, const LoggedEvent& b);

  private:
    [[nodiscard]] Fate judge(const LoggedEvent& given, std::size_t part) const;
    [[nodiscard]] bool precedes(const LoggedEvent& first, const LoggedEvent& later) const;
    [[nodiscard]] bool excused(const LoggedEvent& act, const LoggedEvent& given) const;
    [[nodiscard]] bool knew(const LoggedEvent& who, const LoggedEvent& what) const;
    [[nodiscard]] static bool counts(const LoggedEvent& event);

    std::vector<LoggedEvent> events_;
    std::optional<std::uint64_t> common_;
    std::map<model::Digest, std::size_t> chained_;  ///< leaf of a chained record -> event
};

}  // namespace sim
