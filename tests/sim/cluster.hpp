// SPDX-License-Identifier: EUPL-1.2
// The backend of a world: one database on a disk that loses power, and several instances of the
// real service over it, each of which can be killed at any statement. Requests come without
// sockets, with the identity that a certificate would prove. One thread.
#pragma once

#include <array>
#include <memory>
#include <optional>

#include "sync/backend/service/service.hpp"
#include "tests/crash/power_cut_disk.hpp"
#include "tests/sim/gate_store.hpp"

namespace sim {

/// Authorities of every world.
inline constexpr std::array<const char*, 3> authorities{"amt-a", "amt-b", "amt-c"};

class Cluster {
  public:
    static constexpr std::size_t instances = 2;

    explicit Cluster(Context& context);
    ~Cluster();
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;

    /// errors  network_unreachable: the instance died before its answer, or does not start.
    base::Result<http::Response> handle(std::size_t instance, const http::Request& request);
    /// One step of an instance's projector.
    void project(std::size_t instance);
    /// The power goes now: what was not synced may be lost. All instances start anew.
    void power_cut();
    void kill(std::size_t instance);
    /// Files of the database as a backup would copy them now.
    [[nodiscard]] crash::PowerCutDisk::Image backup() const { return disk_->image(); }
    void restore(const crash::PowerCutDisk::Image& image);
    /// As the manual says after that: the log goes on under its next name. returns it.
    std::string begin_next_log();
    /// The leaves of the log.
    [[nodiscard]] std::vector<model::Digest> log_leaves();
    /// A code for one enrolment.
    [[nodiscard]] std::string invite(const base::Uuid& terminal);

    /// Past instances and faults, for the judges of the world. CHECKs that it answers.
    [[nodiscard]] backend::Rows ask(const backend::Statement& statement, backend::Params params);
    [[nodiscard]] std::uint64_t log_size();
    [[nodiscard]] backend::Store& store() { return *store_; }
    [[nodiscard]] const crypto::KeyPair& receipt_key() const { return receipt_key_; }
    [[nodiscard]] const crypto::KeyPair& views_key() const { return views_key_; }

  private:
    struct Instance;
    void open_store();
    bool start(std::size_t instance);
    void stop_all();
    http::Response answer(Instance& instance, const http::Request& request);
    http::Response naive_ingest(Instance& instance, const http::Request& request);
    http::Response receipt_for_anything(Instance& instance, const http::Request& request);

    Context& context_;
    Dice random_;
    crypto::KeyPair receipt_key_;
    crypto::KeyPair views_key_;
    backend::Directory directory_;
    std::string log_name_;
    std::unique_ptr<crash::PowerCutDisk> disk_;
    std::unique_ptr<backend::Store> store_;
    std::array<std::unique_ptr<Instance>, instances> running_;
};

}  // namespace sim
