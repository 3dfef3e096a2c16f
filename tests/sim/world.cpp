// SPDX-License-Identifier: EUPL-1.2
#include "tests/sim/world.hpp"

#include <algorithm>

#include "drivers/base/check.hpp"
#include "tests/sim/judge.hpp"

namespace sim {
namespace {

constexpr std::size_t terminals = 8;
constexpr unsigned drain_rounds_max = 40;

base::Uuid uuid_from(Dice& dice) {
    std::array<std::uint8_t, 10> bytes{};
    dice.fill(bytes);
    return base::make_uuid7(1'700'000'000'000, bytes);
}

}  // namespace

/// Each kind of trouble is absent, rare or frequent; together they make very different worlds.
Weather Weather::drawn(Dice& dice) {
    const auto rate = [&](std::uint64_t rare, std::uint64_t often) {
        const std::uint64_t kind = dice.below(3);
        return kind == 0 ? 0 : kind == 1 ? rare : often;
    };
    Weather weather;
    weather.lost_before = rate(30, 250);
    weather.lost_after = rate(30, 250);
    weather.late = rate(20, 150);
    weather.doubled = rate(20, 200);
    weather.proxy = rate(10, 80);
    weather.cut_answer = rate(10, 100);
    weather.meanwhile = rate(100, 500);
    weather.backend_kill = rate(10, 80);
    weather.backend_power = rate(5, 40);
    weather.backend_busy = rate(10, 60);
    return weather;
}

World::World(const WorldOptions& options) : options_(options), context_(options.seed) {
    context_.mutant = options.mutant;
    if (options.loud) context_.trace.speak();
    context_.meanwhile = [this] { nested(); };
    cluster_ = std::make_unique<Cluster>(context_);
    people_ = std::make_unique<People>(context_, 3 + context_.dice.below(3));
}

World::~World() = default;

WorldReport World::run() {
    settle();
    context_.weather = Weather::drawn(context_.dice);
    while (context_.trace.step() < options_.steps && !context_.trace.broken()) step();
    if (!context_.trace.broken()) heal();
    if (!context_.trace.broken()) drain();
    if (!context_.trace.broken()) judge(*this);
    WorldReport report;
    report.events = context_.trace.events();
    report.crashes = context_.crashes;
    report.records = context_.ledger.told.size();
    report.hash = context_.trace.hash();
    report.violation = context_.trace.violation();
    report.last = {context_.trace.last().begin(), context_.trace.last().end()};
    return report;
}

/// In fair weather: the machines are enrolled and start.
void World::settle() {
    for (std::size_t i = 0; i < terminals; ++i) {
        Device::Start start;
        start.number = i;
        start.identity.terminal = uuid_from(context_.dice);
        start.identity.key = crypto::generate_key(crypto::Curve::p256, context_.dice);
        Device& device = spawn(std::move(start));
        enrol(device);
    }
}

Device& World::spawn(Device::Start start) {
    CHECK(start.number == devices_.size());
    const Device::Keys keys{cluster_->views_key().point, cluster_->receipt_key().point,
                            &cluster_->receipt_key()};
    devices_.push_back(std::make_unique<Device>(context_, std::move(start), keys, options_.folder));
    Device& device = *devices_.back();
    device.connect(std::make_unique<Line>(context_, Line::Ends{device, *cluster_, mail_}));
    device.boot();
    return device;
}

void World::enrol(Device& device) {
    http::Request request;
    request.method = http::Method::post;
    request.path = "/v1/enrolments";
    request.headers = {{"content-type", "application/jose"}};
    request.body = device.enrolment(cluster_->invite(device.about().identity.terminal));
    request.peer = http::Peer{"terminal", base::to_text(device.about().identity.terminal)};
    // A technician repeats it until it is done; the same key may always be repeated.
    for (int i = 0; i < 50; ++i) {
        const auto done = cluster_->handle(context_.dice.below(Cluster::instances), request);
        if (done && done->status == 201) return;
    }
    CHECK(!"a technician gives up");
}

Device* World::any_device() {
    std::vector<Device*> there;
    for (const auto& device : devices_) {
        if (!device->retired) there.push_back(device.get());
    }
    return there.empty() ? nullptr : context_.dice.pick(there);
}

void World::pass_time() {
    const std::uint64_t roll = context_.dice.below(1'000);
    std::uint64_t ms = context_.dice.below(20'000);
    if (roll > 900) ms = context_.dice.below(600'000);
    if (roll > 980) ms = context_.dice.below(86'400'000);
    if (roll > 997) ms = context_.dice.below(21ULL * 86'400'000);
    context_.now_ms += ms;
}

void World::step() {
    context_.trace.begin_step();
    pass_time();
    const std::uint64_t roll = context_.dice.below(1'000);
    if (roll < 820) {
        if (Device* device = any_device()) device_step(*device);
    } else if (roll < 870) {
        mail_step();
    } else if (roll < 910) {
        stick_step();
    } else if (roll < 950) {
        backend_step();
    } else if (roll < 975) {
        authority_step();
    } else {
        copy_step();
    }
}

/// Others act while one waits for an answer: the same steps, not deeper than two.
void World::nested() {
    if (depth_ >= 2 || context_.trace.broken()) return;
    ++depth_;
    const std::uint64_t many = 1 + context_.dice.below(3);
    for (std::uint64_t i = 0; i < many && !context_.trace.broken(); ++i) step();
    --depth_;
}

void World::device_step(Device& device) {
    const std::uint64_t roll = context_.dice.below(100);
    if (!device.runs() && roll < 60) return device.boot();
    const bool unheard = context_.next_log && device.log_generation() == 1;
    if (unheard && context_.dice.chance(30)) return device.follow_log(context_.next_log->name);
    if (roll < 22) return people_->act(device);
    if (roll < 88) {
        if (context_.dice.chance(15)) device.arm_cut(context_.dice.below(120));
        device.turn();
        if (context_.dice.chance(300)) device.compact();
        return;
    }
    trouble(device);
}

void World::trouble(Device& device) {
    Dice& dice = context_.dice;
    const std::uint64_t roll = dice.below(10);
    context_.trace.note("trouble " + std::to_string(roll) + " at device " +
                        std::to_string(device.number()));
    switch (roll) {
        case 0:
            ++context_.crashes;
            return device.kill_kiosk();
        case 1:
            ++context_.crashes;
            device.kill_syncd();
            return device.boot();
        case 2:
            return device.power_cut();
        case 3:
            device.arm_cut(dice.below(40));
            return people_->act(device);
        case 4:
            device.arm_failed_sync(dice.below(4));
            return people_->act(device);
        case 5:
            device.limit_disk(dice.below(60'000));
            for (int i = 0; i < 3; ++i) people_->act(device);
            return device.lift_disk_limit();
        case 6:
            device.spoil_spool();
            return device.boot();
        case 7:
            device.clock().jump(dice.below(2) * dice.below(9ULL * 86'400'000),
                                dice.below(2) * dice.below(90ULL * 86'400'000));
            if (dice.chance(300)) device.clock().stand_still();
            return;
        default:
            device.offline = !device.offline;
    }
}

void World::mail_step() {
    if (mail_.empty()) return;
    const std::size_t at = context_.dice.below(mail_.size());
    Letter letter = mail_[at];
    // Some of it comes twice, some of it never.
    if (!context_.dice.chance(200)) mail_.erase(mail_.begin() + static_cast<std::ptrdiff_t>(at));
    if (context_.dice.chance(150)) return;
    const auto answer = cluster_->handle(context_.dice.below(Cluster::instances), letter.request);
    context_.trace.note("late letter of device " + std::to_string(letter.device) + " " +
                        letter.request.path.substr(3) + " -> " +
                        std::to_string(answer ? answer->status : 0));
}

void World::backend_step() {
    Dice& dice = context_.dice;
    const std::uint64_t roll = dice.below(100);
    const bool falls_back =
        context_.mutant == Mutant::old_backup_unnoticed || context_.seed % 16 == 7 || renames_log();
    if (falls_back && !context_.set_back && roll < 30) return set_back();
    if (roll < 70) return cluster_->project(dice.below(Cluster::instances));
    if (roll < 85) {
        context_.trace.note("instance is killed");
        return cluster_->kill(dice.below(Cluster::instances));
    }
    context_.trace.note("the backend's power goes");
    cluster_->power_cut();
}

/// In these worlds the operator sees what has happened, and does what the manual says.
bool World::renames_log() const {
    return context_.seed % 16 == 11 && context_.mutant == Mutant::none;
}

/// An operator restores the backend from a backup that is not the newest.
void World::set_back() {
    if (!backup_) {
        backup_ = cluster_->backup();
        return;
    }
    const std::uint64_t before = cluster_->log_size();
    auto leaves = cluster_->log_leaves();
    context_.trace.note("the backend is restored from an old backup");
    cluster_->restore(*backup_);
    context_.set_back = true;
    if (renames_log()) {
        context_.next_log = {cluster_->begin_next_log(), std::move(leaves), cluster_->log_size()};
    }
    for (const auto& device : devices_) {
        const bool sees = !device->retired && device->verified() > cluster_->log_size();
        loss_visible_ = loss_visible_ || (sees && before > cluster_->log_size());
    }
}

void World::heal() {
    context_.trace.note("everything heals");
    context_.weather = Weather{};
    for (const auto& device : devices_) {
        device->offline = false;
        device->lift_disk_limit();
        for (int i = 0; i < 5 && !device->runs(); ++i) device->boot();
        device->boot();
        if (!context_.next_log || device->retired) continue;
        if (device->log_generation() == 1) device->follow_log(context_.next_log->name);
        // operations.md, "Restore": whoever came after the backup is enrolled once more.
        enrol(*device);
    }
    // Late letters arrive after all, in any order, and so do sticks.
    context_.dice.shuffle(mail_);
    while (!mail_.empty()) {
        (void)cluster_->handle(context_.dice.below(Cluster::instances), mail_.back().request)
            .has_value();  // nobody waits for it
        mail_.pop_back();
    }
    for (Stick& stick : sticks_) carry_stick(stick);
    sticks_.clear();
}

bool World::drained() {
    return std::ranges::all_of(devices_, [](const std::unique_ptr<Device>& device) {
        const auto now = device->status();
        return device->retired || (now && now->unsent == 0);
    });
}

void World::drain() {
    for (unsigned round = 0; round < drain_rounds_max && !context_.trace.broken(); ++round) {
        context_.trace.begin_step();
        context_.now_ms += 660'000;  // longer than any backoff
        for (const auto& device : devices_) {
            device->boot();  // a fault that was armed before may have struck now
            if (!device->retired) device->turn();
        }
        for (std::size_t i = 0; i < Cluster::instances; ++i) cluster_->project(i);
        if (round >= 3 && drained()) break;
    }
    // Until every machine has seen the final log.
    for (int i = 0; i < 2; ++i) {
        context_.now_ms += 660'000;
        for (const auto& device : devices_) {
            if (!device->retired) device->turn();
        }
    }
}

}  // namespace sim
