// SPDX-License-Identifier: EUPL-1.2
// The way between one machine's syncd and the backend: TLS has proved who speaks, and everything
// else can go wrong - lost, late, doubled, cut, answered by something on the way. What is late or
// doubled waits in the mail of the world. One thread.
#pragma once

#include <vector>

#include "sync/http/client.hpp"
#include "tests/sim/cluster.hpp"
#include "tests/sim/device.hpp"

namespace sim {

/// A request that arrives some day, or a second time; nobody waits for its answer.
struct Letter {
    std::size_t device = 0;
    http::Request request;
};
using Mail = std::vector<Letter>;

class Line final : public http::Exchange {
  public:
    struct Ends {
        Device& device;
        Cluster& cluster;
        Mail& mail;
    };
    Line(Context& context, Ends ends) : context_(context), ends_(ends) {}

    base::Result<http::Response> send(const http::Request& request) override;

  private:
    std::optional<http::Response> from_the_way();
    void judge_order(const http::Request& request);
    void remember_refusal(const http::Request& request, unsigned status);

    Context& context_;
    Ends ends_;
    bool advance_refused_ = false;
};

}  // namespace sim
