// SPDX-License-Identifier: EUPL-1.2
// Who comes from outside: couriers with sticks, and authorities at their inbox.
#include <algorithm>

#include "drivers/base/check.hpp"
#include "sync/model/json.hpp"
#include "sync/transport/answers.hpp"
#include "tests/sim/judge.hpp"
#include "tests/sim/world.hpp"

namespace sim {

http::Request World::post(const Device& device, std::string_view lane, std::string body) {
    http::Request request;
    request.method = http::Method::post;
    const std::string terminal = base::to_text(device.about().identity.terminal);
    request.path = "/v1/terminals/" + terminal + "/" + std::string(lane);
    request.headers = {{"content-type", "application/json"}};
    request.body = std::move(body);
    request.peer = http::Peer{"terminal", terminal};
    return request;
}

void World::export_stick(Device& device) {
    if (!device.runs()) return;
    Stick stick{device.number(), {}, {}};
    for (std::string& body : device.stick_bodies(outbox::Lane::advance))
        stick.bodies.push_back(post(device, "advance", std::move(body)));
    for (std::string& body : device.stick_bodies(outbox::Lane::batch))
        stick.bodies.push_back(post(device, "batches", std::move(body)));
    if (!stick.bodies.empty()) sticks_.push_back(std::move(stick));
}

/// The stick is read at the backend, once or again; a damaged body is refused there.
void World::carry_stick(Stick& stick) {
    // Files that somebody copied by hand come in any order.
    if (context_.dice.chance(200)) context_.dice.shuffle(stick.bodies);
    for (const http::Request& body : stick.bodies) {
        http::Request request = body;
        if (context_.dice.chance(100)) {
            request.body[context_.dice.below(request.body.size())] ^= 1;
        }
        if (context_.dice.chance(50)) request.body.resize(request.body.size() / 2);
        const auto answer = cluster_->handle(context_.dice.below(Cluster::instances), request);
        if (!answer) continue;
        context_.trace.note("stick of device " + std::to_string(stick.device) + " -> " +
                            std::to_string(answer->status));
        if (answer->status != 200) continue;
        const auto sets = transport::parse_receipts(answer->body);
        CHECK(sets.has_value());
        stick.receipts.insert(stick.receipts.end(), sets->begin(), sets->end());
    }
}

/// Another machine of this name is in use.
bool World::has_twin(const Device& device) const {
    return !device.retired && std::ranges::any_of(devices_, [&](const auto& other) {
        return other.get() != &device && !other->retired &&
               other->about().identity.terminal == device.about().identity.terminal;
    });
}

void World::stick_step() {
    Dice& dice = context_.dice;
    if (sticks_.empty() || dice.chance(400)) {
        Device* device = any_device();
        if (device == nullptr) return;
        // Rather at one of two machines of one name: what comes back may reach the other.
        for (const auto& other : devices_) {
            if (has_twin(*other) && dice.chance(300)) device = other.get();
        }
        export_stick(*device);
        return;
    }
    const std::size_t at = dice.below(sticks_.size());
    if (dice.chance(500)) return carry_stick(sticks_[at]);
    // Back to where it came from, or to a machine that only looks like it.
    const Stick stick = sticks_[at];
    if (dice.chance(700)) sticks_.erase(sticks_.begin() + static_cast<std::ptrdiff_t>(at));
    const auto& terminal = devices_[stick.device]->about().identity.terminal;
    for (const auto& device : devices_) {
        if (device->retired || device->about().identity.terminal != terminal) continue;
        for (const std::string& set : stick.receipts) device->offer_receipt(set);
        if (dice.chance(500)) return;
    }
}

base::Result<http::Response> World::as_authority(const std::string& authority, http::Method method,
                                                 const std::string& path, const std::string& body) {
    http::Request request;
    request.method = method;
    const auto mark = path.find('?');
    request.path = path.substr(0, mark);
    if (mark != std::string::npos) request.query = path.substr(mark + 1);
    request.body = body;
    if (!body.empty()) request.headers = {{"content-type", "application/json"}};
    request.peer = http::Peer{"authority", authority};
    auto answer = cluster_->handle(context_.dice.below(Cluster::instances), request);
    if (answer) context_.trace.mix(answer->body);
    return answer;
}

void World::authority_step() {
    const std::string authority = authorities[context_.dice.below(authorities.size())];
    if (files_.empty() || context_.dice.chance(500)) return use_inbox(authority);
    ask_usable(authority);
}

void World::use_inbox(const std::string& authority) {
    const auto inbox = as_authority(authority, http::Method::get, "/v1/inbox", "");
    if (!inbox || inbox->status != 200) return;
    const auto json = model::parse_json(inbox->body, inbox->body.size());
    CHECK(json.has_value());
    const auto& items = json->at("items");
    if (items.empty()) return;
    const auto& item = items.at(context_.dice.below(items.size()));
    const auto id = item.at("declaration").get<std::string>();
    if (context_.dice.chance(600)) {
        const std::string handle = item.at("handle").get<std::string>();
        const auto done =
            as_authority(authority, http::Method::post, "/v1/inbox/" + id + "/assignment",
                         R"({"file_number":"F-)" + handle + R"("})");
        if (done && done->status == 200) files_.emplace_back(authority, "F-" + handle);
        return;
    }
    static constexpr const char* states[] = {"applied", "acknowledged", "not_usable"};
    (void)as_authority(authority, http::Method::post, "/v1/declarations/" + id + "/applied",
                       std::string(R"({"state":")") + states[context_.dice.below(3)] + R"("})")
        .has_value();  // an instance that died is asked again some day
}

/// I8 from outside: what an authority may use is alive at this very moment.
void World::ask_usable(const std::string&) {
    const auto& [authority, file] = context_.dice.pick(files_);
    const std::string entry = context_.dice.chance(500) ? "JBA-01" : "JBA-03";
    const auto answer = as_authority(authority, http::Method::get,
                                     "/v1/usable?file_number=" + file + "&entry=" + entry, "");
    if (!answer || answer->status != 200) return;
    const auto json = model::parse_json(answer->body, answer->body.size());
    CHECK(json.has_value());
    if (!json->at("may_use").get<bool>()) return;
    context_.trace.note(authority + " may use " + json->at("declaration").get<std::string>());
    judge_usable(*this, json->at("declaration").get<std::string>(), authority);
}

}  // namespace sim
