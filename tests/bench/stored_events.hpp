// SPDX-License-Identifier: EUPL-1.2
// A backend's database as it stands after years: events of people whom nobody else uses, written
// row by row and not by ingest, which would take an hour. Every table and index that ingest touches
// is full; tags and leaves lie scattered as hashes do; the log is a real one. Contents that nothing
// reads on the way in are short. One thread.
#pragma once

#include <cstdint>
#include <vector>

#include "sync/backend/store/store.hpp"
#include "sync/model/record.hpp"

namespace bench {

/// Numbers below `size` in an order without order, there and back.
class Shuffle {
  public:
    explicit Shuffle(std::uint64_t size);
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] std::uint64_t to(std::uint64_t number) const { return number * factor_ % size_; }
    [[nodiscard]] std::uint64_t from(std::uint64_t place) const { return place * inverse_ % size_; }

  private:
    std::uint64_t size_;
    std::uint64_t factor_;
    std::uint64_t inverse_;
};

/// Three events a person: two releases to two recipients each, then a withdrawal of everything; one
/// person in eight gives a third release instead.
class StoredEvents {
  public:
    /// events  a multiple of 24: all events of eight people.
    explicit StoredEvents(std::uint64_t events);

    /// Writes them into an empty database, which is not safe from a power cut meanwhile: open it
    /// anew afterwards. cost: about 1 minute a million.
    void fill(backend::Store& store, bool postgresql) const;

    /// People whose three releases (six parts) are alive.
    [[nodiscard]] std::uint64_t living_people() const { return people_ / 8; }
    /// tag_s of one, scattered over the database.
    [[nodiscard]] model::Digest living_subject(std::uint64_t number) const;

  private:
    class Writer;
    [[nodiscard]] bool withdraws(std::uint64_t event) const;
    [[nodiscard]] model::Digest leaf(std::uint64_t event) const;
    /// Tag `which` of a person: 0 tag_s, 1 and 2 tag_sr; of its event e, from 3 + 3 e on: its
    /// declaration and two tag_er.
    [[nodiscard]] model::Digest tag(std::uint64_t person, std::uint64_t which) const;
    void fill_chains(Writer& into) const;
    void fill_parts(Writer& into) const;
    void fill_effects(Writer& into) const;
    void fill_acts(Writer& into) const;
    void fill_scopes(Writer& into) const;
    void fill_log(Writer& into) const;

    std::uint64_t events_;
    std::uint64_t people_;
    Shuffle leaves_;
    Shuffle tags_;
};

}  // namespace bench
