// SPDX-License-Identifier: EUPL-1.2
// One seed = one world: machines with their clones, people, a backend of several instances, the
// network, sticks and authorities, all in one thread and in virtual time. First everything goes
// wrong at once, then everything heals, and then the judges look. Norm: sync.md "Invariants".
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "tests/sim/line.hpp"
#include "tests/sim/people.hpp"

namespace sim {

struct WorldOptions {
    std::uint64_t seed = 1;
    std::uint64_t steps = 400;
    Mutant mutant = Mutant::none;
    bool loud = false;
    std::filesystem::path folder;  ///< for spools; empty at the beginning
};

struct WorldReport {
    std::uint64_t events = 0;
    std::uint64_t crashes = 0;
    std::uint64_t records = 0;  ///< declarations that somebody was told of
    std::uint64_t hash = 0;
    std::optional<Violation> violation;
    std::vector<std::string> last;
};

/// A bundle of bodies on its way by hand, and the receipts on their way back.
struct Stick {
    std::size_t device = 0;
    std::vector<http::Request> bodies;
    std::vector<std::string> receipts;
};

class World {
  public:
    explicit World(const WorldOptions& options);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    [[nodiscard]] WorldReport run();

    /// For the judges (judge.hpp).
    [[nodiscard]] Context& context() { return context_; }
    [[nodiscard]] Cluster& cluster() { return *cluster_; }
    [[nodiscard]] std::vector<std::unique_ptr<Device>>& devices() { return devices_; }
    [[nodiscard]] const People& people() const { return *people_; }
    /// The backend was set back and lost what some machine had verified.
    [[nodiscard]] bool loss_visible() const { return loss_visible_; }

  private:
    void settle();
    void step();
    void pass_time();
    void nested();
    void heal();
    void drain();
    void device_step(Device& device);
    void trouble(Device& device);
    void mail_step();
    void stick_step();
    [[nodiscard]] bool has_twin(const Device& device) const;
    void export_stick(Device& device);
    void carry_stick(Stick& stick);
    void backend_step();
    void set_back();
    [[nodiscard]] bool renames_log() const;
    void authority_step();
    void use_inbox(const std::string& authority);
    void ask_usable(const std::string& authority);
    void copy_step();
    Device& spawn(Device::Start start);
    void clone(Device& of);
    void restore(Device& of);
    void replace(Device& of);
    void enrol(Device& device);
    void scrap(Device& device, std::uint64_t rows_kept);
    [[nodiscard]] Device* any_device();
    [[nodiscard]] bool drained();
    http::Request post(const Device& device, std::string_view lane, std::string body);
    base::Result<http::Response> as_authority(const std::string& authority, http::Method method,
                                              const std::string& path, const std::string& body);

    WorldOptions options_;
    Context context_;
    std::unique_ptr<Cluster> cluster_;
    std::unique_ptr<People> people_;
    std::vector<std::unique_ptr<Device>> devices_;
    Mail mail_;
    std::vector<Stick> sticks_;
    struct Saved {
        Device::Start image;
        std::size_t of = 0;
    };
    std::vector<Saved> saved_;  ///< disk images that somebody made
    std::optional<crash::PowerCutDisk::Image> backup_;
    std::vector<std::pair<std::string, std::string>> files_;  ///< authority, file number
    unsigned depth_ = 0;
    bool loss_visible_ = false;
};

}  // namespace sim
