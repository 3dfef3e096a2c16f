// SPDX-License-Identifier: EUPL-1.2
// A stick in memory that fails where a test says and loses what was not synced when it is pulled:
// names that were made, changed or taken away since the last sync of their folder each survive or
// not, by the seed. Strict: a write to a name that is there fails. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "drivers/port/usb_store.hpp"

namespace fakes {

class UsbStick final : public port::UsbStore {
  public:
    enum class Fault : std::uint8_t {
        refuse,  ///< the call has no effect
        half,    ///< it has half of its effect: a torn file, or a name that changed nevertheless
    };
    struct Failure {
        unsigned call = 0;  ///< counted from 0 over all calls that change something
        Fault fault = Fault::refuse;
        int error = 0;      ///< errno
        bool once = false;  ///< false: all later calls fail too, as on a stick that was pulled
    };
    explicit UsbStick(std::uint64_t seed = 1) : engine_(seed) {}

    void fail_at(const Failure& failure);
    /// Calls that change something so far.
    [[nodiscard]] unsigned changes() const { return changes_; }
    /// Pulls the stick and puts it in again: what was not synced may be gone.
    void pull();

    /// For tests that prepare or damage a stick.
    [[nodiscard]] const std::map<std::string, std::string>& files() const { return visible_; }
    void put(const std::string& path, std::string bytes);
    /// From now on reading this file gives other bytes than were written.
    void damage(const std::string& path) { damaged_ = path; }

    base::Result<Listing> list(std::string_view folder) override;
    base::Result<std::string> read(std::string_view path, std::size_t bytes_max) override;
    base::Result<void> write(std::string_view path, std::string_view bytes) override;
    base::Result<void> rename(std::string_view path, std::string_view name) override;
    base::Result<void> remove(std::string_view path) override;
    base::Result<void> sync(std::string_view folder) override;

  private:
    /// Names of one folder that change together.
    struct Change {
        std::string folder;
        std::map<std::string, std::optional<std::string>> files;
    };
    /// The fault of this call, if it is its turn.
    std::optional<Failure> next_fault();
    void change(Change change);

    std::mt19937_64 engine_;
    std::map<std::string, std::string> visible_;
    std::map<std::string, std::string> durable_;
    std::vector<Change> pending_;
    std::optional<Failure> failure_;
    unsigned changes_ = 0;
    std::string damaged_;
};

}  // namespace fakes
