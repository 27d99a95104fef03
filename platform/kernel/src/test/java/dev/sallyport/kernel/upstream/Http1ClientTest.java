package dev.sallyport.kernel.upstream;

/** The contract, for our own client. */
final class Http1ClientTest extends UpstreamClientContract {

    @Override
    UpstreamFixture newFixture() {
        return new UpstreamFixture(Http1Client::new, client -> ((Http1Client) client).inUse());
    }
}
